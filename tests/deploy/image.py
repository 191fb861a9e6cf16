#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is in the image of the Dockerfile, see image_archive.py. Needs root."""

import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time
import unittest

import image_archive

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
LARGEST = 16 << 20
PATIENCE = 60.0


class ImageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        archive = image_archive.make()
        cls.buildah = image_archive.Buildah()
        cls.addClassCleanup(cls.buildah.close)
        cls.container = cls.buildah("from", f"docker-archive:{archive}")
        cls.root = pathlib.Path(cls.buildah("mount", cls.container))
        cls.image = json.loads(cls.buildah("inspect", cls.container))

    def inside(self, *words):
        return ["chroot", "--userspec=65534:65534", str(self.root), *words]

    def test_it_is_small(self):
        size = sum(path.lstat().st_size for path in self.root.rglob("*") if path.is_file() and not path.is_symlink())
        print(f"{size / (1 << 20):.1f} MiB", flush=True)
        self.assertLess(size, LARGEST)

    def test_it_holds_the_program_certificates_and_licences_only(self):
        files = [str(path.relative_to(self.root)) for path in self.root.rglob("*") if path.is_file()]
        known = re.compile(r"usr/bin/cgroup2_exporter|etc/ssl/certs/ca-certificates.crt|usr/share/doc/[^/]+/(copyright|LICENSE|config.yaml)")
        self.assertEqual([name for name in files if not known.fullmatch(name)], [])
        self.assertIn("usr/share/doc/libc6-dev/copyright", files)

    def test_its_configuration(self):
        version = re.search(r"VERSION ([0-9.]+) ", (TOP / "CMakeLists.txt").read_text()).group(1)
        config = self.image["Docker"]["config"]
        self.assertEqual(config["User"], "65534:65534")
        self.assertEqual(config["Entrypoint"], ["/usr/bin/cgroup2_exporter"])
        self.assertEqual(config["Healthcheck"]["Test"], ["CMD", "/usr/bin/cgroup2_exporter", "--healthcheck"])
        labels = config["Labels"]
        self.assertEqual((labels["org.opencontainers.image.version"], labels["org.opencontainers.image.licenses"]), (version, "Apache-2.0"))

    def test_it_serves_and_is_healthy(self):
        tree = self.root / "var/lib/cgroup2_exporter/tree"
        for name, text in {"cgroup/cgroup.controllers": "memory\n", "cgroup/a/memory.current": "10\n", "proc/meminfo": "MemTotal: 1024 kB\n"}.items():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_text(text)
        with socket.create_server(("127.0.0.1", 0)) as free:
            listen = f"--web.listen-address=127.0.0.1:{free.getsockname()[1]}"
        place = "/var/lib/cgroup2_exporter/tree"
        flags = (listen, f"--path.cgroupfs={place}/cgroup", f"--path.procfs={place}/proc", "--path.kmsg=")
        ask = lambda: subprocess.run(self.inside("/usr/bin/cgroup2_exporter", "--healthcheck", listen), capture_output=True, check=False).returncode
        self.assertEqual(ask(), 1)
        exporter = subprocess.Popen(self.inside("/usr/bin/cgroup2_exporter", *flags), stderr=subprocess.DEVNULL)
        try:
            deadline = time.monotonic() + PATIENCE
            while ask() != 0:
                self.assertLess(time.monotonic(), deadline)
                time.sleep(0.1)
        finally:
            exporter.terminate()
            self.assertEqual(exporter.wait(PATIENCE), 0)


if __name__ == "__main__":
    if os.geteuid() != 0:
        sys.exit("needs root")
    unittest.main()
