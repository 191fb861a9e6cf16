#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds the image of the Dockerfile with buildah, on a base made from this host's own archives under the name that the Dockerfile uses, and
keeps it as an archive below build/deploy/ while nothing that goes into it changes. Prints the archive's path. Takes as long as a build and
needs root; everything else that it makes is removed."""

import contextlib
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
DOCKERFILE = TOP / "Dockerfile"
VERSION = re.search(r"^ARG VERSION=(\S+)$", DOCKERFILE.read_text(), re.MULTILINE).group(1)
NAME = f"cgroup2-exporter:{VERSION}"  # as the manifests call it


class Buildah:
    """With storage of its own, which close() removes."""

    def __init__(self):
        (TOP / "build").mkdir(exist_ok=True)
        self.work = pathlib.Path(tempfile.mkdtemp(prefix="image.", dir=TOP / "build"))

    def close(self):
        self("umount", "--all")
        subprocess.run(["rm", "-rf", self.work], check=True)

    def __call__(self, *arguments):
        done = subprocess.run(["buildah", "--root", self.work / "store", "--runroot", self.work / "run", "--storage-driver", "vfs", *arguments],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"buildah {arguments}:\n{done.stdout[-5000:]}{done.stderr[-5000:]}")
        return done.stdout.strip()

    def build(self, context, name, *options):
        self("bud", "--isolation", "chroot", "--network", "host", "--format", "docker", "--pull-never", "--tag", name, *options, str(context))


def base_tar():
    """The root directory that stands for the Dockerfile's base, as a tar."""
    made = subprocess.run([TOP / "tests/deploy/root.sh", "ca-certificates"], stdout=subprocess.PIPE, text=True, check=True)
    return pathlib.Path(made.stdout.strip())


def base_name():
    return re.search(r"^ARG BASE=(\S+)$", DOCKERFILE.read_text(), re.MULTILINE).group(1)


def build_base(buildah):
    """The image that the Dockerfile starts from, under its name."""
    context = buildah.work / "base"
    context.mkdir()
    os.link(base_tar(), context / "root.tar")
    (context / "Dockerfile").write_text("FROM scratch\nADD root.tar /\n")
    buildah.build(context, base_name())


def context_sum(tar):
    """Of everything that the build may read: what .dockerignore lets through, the Dockerfile, the base and this file."""
    kept = [TOP / line[1:] for line in (TOP / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    files = sorted(file for path in kept for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file())
    total = hashlib.sha256(tar.name.encode())
    for file in [DOCKERFILE, pathlib.Path(__file__), *files]:
        total.update(f"{file.relative_to(TOP)} {file.stat().st_mode:o}\0".encode() + file.read_bytes() + b"\0")
    return total.hexdigest()[:16]


def make():
    target = TOP / f"build/deploy/image-{context_sum(base_tar())}.tar"
    if target.exists():
        return target
    print("building the image", file=sys.stderr, flush=True)
    for old in target.parent.glob("image-*.tar"):
        old.unlink()
    with contextlib.closing(Buildah()) as buildah:
        build_base(buildah)
        buildah.build(TOP, NAME)
        buildah("push", NAME, f"docker-archive:{buildah.work}/image.tar:{NAME}")
        os.rename(buildah.work / "image.tar", target)
    return target


if __name__ == "__main__":
    if os.geteuid() != 0:
        sys.exit("needs root")
    print(make())
