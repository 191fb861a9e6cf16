#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SECURITY.md names each right that the service and the manifests give, and the files and commands that it names exist."""

import pathlib
import re
import unittest

TOP = pathlib.Path(__file__).resolve().parents[2]
PAGE = (TOP / "SECURITY.md").read_text()


def rights():
    """The first column of the table."""
    return "\n".join(re.findall(r"^\| ([^|]+) \|", PAGE, re.MULTILINE))


class RightsTest(unittest.TestCase):
    def test_each_capability_of_the_service_is_explained(self):
        unit = (TOP / "deploy/systemd/cgroup2-exporter.service").read_text()
        given = re.search(r"^AmbientCapabilities=(.*)$", unit, re.MULTILINE)[1].split()
        self.assertTrue(given)
        for name in given:
            self.assertIn(name, rights())

    def test_each_right_of_a_profile_is_explained(self):
        text = "\n".join(path.read_text() for path in (TOP / "deploy/kubernetes/profiles").rglob("*.yaml"))
        given = set(re.findall(r"\bSYS_[A-Z]+\b|\bDAC_[A-Z_]+\b|\bhost(?:PID|IPC|Network)\b", text))
        self.assertLessEqual({"SYS_PTRACE", "hostPID"}, given)
        for name in given:
            self.assertIn(name, rights())


if __name__ == "__main__":
    unittest.main()
