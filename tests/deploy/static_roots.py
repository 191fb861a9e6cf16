#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""static_roots.py STATIC ROOT...: the program in one file, stripped as a release has it, in roots of distributions, each of which is named like its
directory. Needs root. It adds files and a user to them."""

import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import unittest

from static_root import OF_A, OF_ADA, StaticRoot, flags, serve

STATIC, ROOTS = pathlib.Path(sys.argv[1]).resolve(), [pathlib.Path(word).resolve() for word in sys.argv[2:]]
STARTS = 10


def chroot(root, *words):
    return subprocess.run(["chroot", root, *words], stdout=subprocess.PIPE, text=True, check=True).stdout


class RootsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        cls.addClassCleanup(directory.cleanup)
        program = pathlib.Path(directory.name, "cgroup2_exporter")
        subprocess.run(["strip", "-o", program, STATIC], check=True)
        print(f"    {program.stat().st_size / 1e6:.1f} MB", flush=True)
        cls.roots = [StaticRoot(root, program) for root in ROOTS]
        for root in cls.roots:
            chroot(root.path, "useradd", "--uid", "1000", "ada")

    def test_it_serves_over_tls_with_the_names_of_users_of_each(self):
        for root in self.roots:
            with self.subTest(root=root.path.name):
                command = root.command(*flags("", rootfs="/"), "--web.config.file=/web.yaml")
                answers = [serve(command, "localhost", root.context()) for _ in range(STARTS)]
                for _, text, _ in answers:
                    self.assertRegex(text, OF_A)
                    self.assertRegex(text, OF_ADA)
                    self.assertIsNone(re.search(r"^cgroup_exporter_read_errors_total\{.*\} [1-9]", text, re.MULTILINE))
                seconds = [one[0] for one in answers]
                name = re.search(r'^PRETTY_NAME="(.*)"$', (root.path / "etc/os-release").read_text(), re.MULTILINE)[1]
                print(f"    {name}, {chroot(root.path, 'ldd', '--version').splitlines()[0]}: first answer over TLS after "
                      f"{statistics.median(seconds) * 1e3:.0f} ms (median of {STARTS}, {min(seconds) * 1e3:.0f} to {max(seconds) * 1e3:.0f})", flush=True)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    unittest.main(argv=sys.argv[:1])
