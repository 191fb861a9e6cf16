#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SECURITY.md names each right that the service and the manifests give, and the files and commands that it names exist."""

import pathlib
import re
import subprocess
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

class VerificationTest(unittest.TestCase):
    """The commands for a release."""

    def setUp(self):
        (self.commands,) = re.findall(r"^## Verify a release\n.*?^```\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
        self.release = (TOP / "scripts/release").read_text()

    def test_they_are_commands(self):
        subprocess.run(["bash", "-n", "-c", self.commands], check=True)

    def test_the_identity_is_that_of_the_workflow(self):
        (path, ref) = re.search(r"github\.com/\$repository/(\S+)@refs/tags/(\S+)\"", self.commands).groups()
        self.assertTrue((TOP / path).is_file(), path)
        self.assertEqual(ref, "v$version")
        self.assertIn("tags:\n      - v*\n", (TOP / path).read_text())

    def test_what_is_verified_is_what_is_signed(self):
        self.assertIn("--bundle SHA256SUMS.sigstore.json", self.commands)
        self.assertIn("--new-bundle-format --bundle SHA256SUMS.sigstore.json SHA256SUMS", self.release)
        (kind,) = re.findall(r"verify-attestation --type (\w+)", self.commands)
        self.assertIn(f"cosign attest --yes --type {kind} ", self.release)
        self.assertIn(":$version-amd64", self.commands)

    def test_cosign_is_the_version_that_signs(self):
        workflow = (TOP / ".github/workflows/release.yml").read_text()
        major_minor = re.search(r"cosign-release: v(\d+\.\d+)\.", workflow)[1]
        self.assertIn(f"[cosign](https://docs.sigstore.dev) ({major_minor})", PAGE)


if __name__ == "__main__":
    unittest.main()
