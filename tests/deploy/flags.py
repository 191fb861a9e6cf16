#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The program takes the flags of the container in every case of the chart and in every build of the manifests.

    flags.py EXPORTER
"""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import chart
import manifests
from kubernetes import exporter

EXPORTER = sys.argv.pop(1)
# A Secret's web-config.yml, as the documents show it; "x" is the password.
USERS = """tls_server_config: {cert_file: tls.crt, key_file: tls.key}
basic_auth_users:
  prometheus: $2b$05$lLYi8Wz0JlM6Wq1ylE0F7e0X/lqMY5WeaaMjuU3mjr4zPEl6ajfFW
"""


def known_flags():
    done = subprocess.run([EXPORTER, "--help"], stdout=subprocess.PIPE, text=True, check=True)
    return set(re.findall(r"^  (--[a-z0-9._-]+)", done.stdout.replace("--[no-]", "--"), re.MULTILINE))


def name_of(arg):
    return arg.split("=", 1)[0].replace("--no-", "--")


def every_case():
    """(name, the resources) of everything that the repository deploys."""
    renderer = chart.Renderer()
    try:
        for case in chart.CASES:
            yield f"chart: {case}", renderer.resources(chart.chosen(case))
    finally:
        renderer.directory.cleanup()
    for name, resources in manifests.every_build():
        yield f"manifests: {name}", resources


class FlagsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pods = [(name, resources, exporter(manifests.only(resources, "DaemonSet")["spec"]["template"]["spec"])) for name, resources in every_case()]

    def test_the_program_has_every_flag(self):
        flags = known_flags()
        for name, _, container in self.pods:
            self.assertEqual({name_of(arg) for arg in container["args"]} - flags, set(), name)

    def test_the_program_takes_every_value(self):
        for name, resources, container in self.pods:
            with tempfile.TemporaryDirectory() as directory, self.subTest(name):
                args = [self.moved(arg, resources, pathlib.Path(directory)) for arg in container["args"]]
                done = subprocess.run([EXPORTER, "--config.check", *args], capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 0, f"{args}: {done.stderr}")

    def moved(self, arg, resources, directory):
        """A flag that names a file of a ConfigMap or of a Secret: with such a file, in a directory of the test's."""
        for flag, data in (("--config.file=", "config.yaml"), ("--web.config.file=", "web-config.yml")):
            if arg.startswith(flag):
                texts = [one["data"][data] for one in resources if one["kind"] == "ConfigMap" and data in one["data"]]
                (directory / data).write_text(texts[0] if texts else USERS)
                self.make_certificate(directory)
                return f"{flag}{directory / data}"
        return arg

    def make_certificate(self, directory):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost", "-days", "1",
                        "-keyout", directory / "tls.key", "-out", directory / "tls.crt"], capture_output=True, check=True)
        (directory / "ca.crt").write_bytes((directory / "tls.crt").read_bytes())


if __name__ == "__main__":
    unittest.main()
