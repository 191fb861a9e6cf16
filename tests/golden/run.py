#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the exporter once on every recorded tree and compares the text byte for byte.

    run.py EXPORTER [METRICS_DOC]     UPDATE=1 in the environment rewrites the expected texts

A scenario is a directory with sys/, proc/, expected.prom and, where it needs one, config.yaml. Together the scenarios must hold every
file that the catalog reads (as docs/METRICS.md lists them).
"""

import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
EXPORTER, METRICS_DOC = sys.argv.pop(1), pathlib.Path(sys.argv.pop(1))
SCENARIOS = sorted(path.parent for path in HERE.glob("*/sys"))


def run_once(scenario):
    command = [EXPORTER, "--once", f"--path.cgroupfs={scenario}/sys/fs/cgroup", f"--path.procfs={scenario}/proc", f"--path.sysfs={scenario}/sys", f"--path.rootfs={scenario}"]
    if (scenario / "config.yaml").exists():
        command.append(f"--config.file={scenario}/config.yaml")
    return subprocess.run(command, capture_output=True, check=False, timeout=60)


class Golden(unittest.TestCase):
    def test_there_are_scenarios(self):
        self.assertGreater(len(SCENARIOS), 0)

    def test_text_is_as_expected(self):
        for scenario in SCENARIOS:
            with self.subTest(scenario.name):
                run = run_once(scenario)
                self.assertEqual(run.returncode, 0, run.stderr.decode())
                expected = scenario / "expected.prom"
                if os.environ.get("UPDATE"):
                    expected.write_bytes(run.stdout)
                want, got = expected.read_bytes(), run.stdout
                diff = difflib.unified_diff(want.decode().splitlines(), got.decode().splitlines(), "expected", "got", lineterm="")
                self.assertTrue(want == got, "\n".join(list(diff)[:50]))

    def test_promtool_has_nothing_to_say(self):
        self.assertIsNotNone(shutil.which("promtool"), "promtool comes with Debian's package prometheus")
        for scenario in SCENARIOS:
            with self.subTest(scenario.name):
                text = (scenario / "expected.prom").read_bytes()
                run = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False)
                self.assertEqual((run.returncode, run.stdout + run.stderr), (0, b""))

    def test_every_file_of_the_catalog_is_recorded(self):
        rows = re.findall(r"^\| `cgroup_\w+` \|.*$", METRICS_DOC.read_text(), re.MULTILINE)
        documented = {re.sub(r"\{\w+\}", "[^.]+", name) for row in rows for name in re.findall(r"`([a-z]+(?:\.[\w{}]+)+)`", row)}
        recorded = {path.name for scenario in SCENARIOS for path in (scenario / "sys/fs/cgroup").rglob("*.*") if path.is_file()}
        self.assertGreater(len(documented), 80)
        self.assertEqual({name for name in documented if not any(re.fullmatch(name, file) for file in recorded)}, set())


if __name__ == "__main__":
    unittest.main()
