#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""archive.py TARGET DIRECTORY NAME: an image for containerd with the directory as its only layer."""

import hashlib
import io
import json
import sys
import tarfile


def add(archive, name, data):
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    archive.addfile(entry, io.BytesIO(data))


def main(target, directory, name):
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as archive:
        archive.add(directory, arcname=".")
    digest = hashlib.sha256(layer.getvalue()).hexdigest()
    config = json.dumps({
        "architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}"]},
        "config": {"Env": ["PATH=/bin"], "Cmd": ["/bin/sleep", "1000000"]},
    }).encode()
    manifest = [{"Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]}]
    with tarfile.open(target, "w") as archive:
        add(archive, "manifest.json", json.dumps(manifest).encode())
        add(archive, "config.json", config)
        add(archive, "layer.tar", layer.getvalue())


if __name__ == "__main__":
    main(*sys.argv[1:])
