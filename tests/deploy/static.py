#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""static.py STATIC DYNAMIC: the program in one file, in a root that has nothing else but /proc and what it reads."""

import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import unittest

from static_root import OF_A, OF_ADA, PATIENCE, StaticRoot, flags, serve

STATIC, DYNAMIC = (pathlib.Path(sys.argv.pop(1)).resolve() for _ in range(2))
LARGEST = 16 << 20


def readelf(*words):
    return subprocess.run(["readelf", "--wide", *words, STATIC], stdout=subprocess.PIPE, text=True, check=True).stdout


class StaticTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        cls.addClassCleanup(directory.cleanup)
        cls.root = StaticRoot(directory.name, STATIC)

    def test_it_needs_no_loader_and_no_library(self):
        self.assertNotRegex(readelf("--segments"), "INTERP")
        self.assertNotRegex(readelf("--dynamic"), r"\((NEEDED|RPATH|RUNPATH|TEXTREL)\)")

    def test_it_is_protected_as_the_other_one(self):
        self.assertRegex(readelf("--file-header"), r"Type: +DYN")
        self.assertRegex(readelf("--segments"), r"\n +GNU_RELRO ")
        self.assertRegex(readelf("--segments"), r"GNU_STACK .* RW  ")

    def test_it_is_small(self):
        stripped = self.root.path / "stripped"
        subprocess.run(["strip", "-o", stripped, STATIC], check=True)
        size = stripped.stat().st_size
        stripped.unlink()
        print(f"    {size / 1e6:.1f} MB", flush=True)
        self.assertLess(size, LARGEST)

    def test_it_serves_over_tls_with_names_of_users(self):
        healthcheck = lambda port: subprocess.run(
            self.root.command("--healthcheck", f"--web.listen-address=localhost:{port}", "--web.config.file=/web.yaml"),
            capture_output=True, text=True, check=False, timeout=PATIENCE)
        _, text, healthy = serve(self.root.command(*flags(""), "--web.config.file=/web.yaml"), "localhost", self.root.context(), healthcheck)
        self.assertRegex(text, OF_A)
        self.assertRegex(text, OF_ADA)
        self.assertEqual((healthy.returncode, healthy.stderr), (0, ""))

    def test_it_starts_as_fast_and_gives_up_the_same_rights(self):
        sandbox = lambda text: dict(re.findall(r'^cgroup_exporter_sandbox\{(layer="\w+",thread="(?:poller|http)")\} (\d)$', text, re.MULTILINE))
        of_static, text, _ = serve([str(STATIC), *flags(str(self.root.path))], "127.0.0.1")
        of_dynamic, other_text, _ = serve([str(DYNAMIC), *flags(str(self.root.path))], "127.0.0.1")
        print(f"    first answer after {of_static * 1e3:.0f} ms, of the program with libraries {of_dynamic * 1e3:.0f} ms", flush=True)
        self.assertEqual(len(sandbox(text)), 6)
        self.assertEqual(sandbox(text), sandbox(other_text))

    def test_what_prevents_the_start_is_one_line(self):
        done = subprocess.run(self.root.command(*flags(""), "--web.listen-address=no.such.host.invalid:1"), capture_output=True, text=True, check=False, timeout=PATIENCE)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    unittest.main()
