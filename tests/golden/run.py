#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the exporter once on every recorded tree and compares the text byte for byte.

    run.py EXPORTER [METRICS_DOC]     UPDATE=1 in the environment rewrites the expected texts

A scenario is a directory with sys/, proc/, expected.prom and, where it needs one, config.yaml. standard.prom is the text of the set
standard, where it is there. Together the scenarios must hold every
file that the catalog reads (as docs/METRICS.md lists them). If it has cadvisor-PROFILE.prom, an exporter that serves it is asked for
/metrics/cadvisor of the profile, too.
"""

import difflib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
EXPORTER, METRICS_DOC = sys.argv.pop(1), pathlib.Path(sys.argv.pop(1))
SCENARIOS = sorted(path.parent for path in HERE.glob("*/sys"))


def command_of(scenario):
    command = [EXPORTER, f"--path.cgroupfs={scenario}/sys/fs/cgroup", f"--path.procfs={scenario}/proc", f"--path.sysfs={scenario}/sys", f"--path.rootfs={scenario}"]
    if (scenario / "config.yaml").exists():
        command.append(f"--config.file={scenario}/config.yaml")
    return command


def run_once(scenario, *flags):
    return subprocess.run([*command_of(scenario), "--once", *flags], capture_output=True, check=False, timeout=60)


def ask_for_cadvisor(scenario, profiles):
    """The text of each profile. The time at which a cgroup was last seen, which is that of the answer, becomes 0."""
    with tempfile.TemporaryDirectory() as directory:
        flags = ["--web.listen-address=127.0.0.1:0", "--log.format=json", "--path.kmsg=", f"--oom.state-file={directory}/oom.json"]
        with subprocess.Popen([*command_of(scenario), *flags], stderr=subprocess.PIPE, text=True) as exporter:
            try:
                lines = map(json.loads, exporter.stderr)
                port = next(line["port"] for line in lines if line["msg"] == "listening")
                for profile in profiles:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics/cadvisor?profile={profile}", timeout=60) as answer:
                        yield profile, re.sub(rb"(?m)^(container_last_seen\{.*\}) \d+$", rb"\1 0", answer.read())
            finally:
                exporter.terminate()


def shapes(path):
    """Family -> its type and the names of its labels, in the order in which they stand."""
    text = path.read_text()
    types = dict(re.findall(r"^# TYPE (\w+) (\w+)$", text, re.MULTILINE))
    found = {}
    for name, labels in re.findall(r'^(\w+)(?:\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\})? [^ ]+$', text, re.MULTILINE):
        found.setdefault(name, set()).add((types[name], tuple(re.findall(r'(\w+)="(?:[^"\\]|\\.)*"', labels))))
    return found


class Golden(unittest.TestCase):
    def test_there_are_scenarios(self):
        self.assertGreater(len(SCENARIOS), 0)

    def test_text_is_as_expected(self):
        for scenario in SCENARIOS:
            with self.subTest(scenario.name):
                run = run_once(scenario)
                self.assertEqual(run.returncode, 0, run.stderr.decode())
                self.compare(scenario / "expected.prom", run.stdout)

    def test_text_of_the_set_standard_is_as_expected(self):
        texts = sorted(HERE.glob("*/standard.prom"))
        self.assertGreater(len(texts), 0)
        for path in texts:
            with self.subTest(path.parent.name):
                run = run_once(path.parent, "--collectors=standard")
                self.assertEqual(run.returncode, 0, run.stderr.decode())
                self.compare(path, run.stdout)

    def test_text_of_the_set_lean_is_a_part_of_it(self):
        for path in HERE.glob("*/standard.prom"):
            lean, standard = ((path.parent / name).read_text().splitlines() for name in ("expected.prom", "standard.prom"))
            self.assertEqual([line for line in standard if line in set(lean)], lean, path.parent.name)

    def test_text_with_the_names_of_cadvisor_is_as_expected(self):
        texts = sorted(HERE.glob("*/cadvisor-*.prom"))
        self.assertGreater(len(texts), 0)
        for scenario in {path.parent for path in texts}:
            profiles = [path.stem.removeprefix("cadvisor-") for path in texts if path.parent == scenario]
            for profile, text in ask_for_cadvisor(scenario, profiles):
                with self.subTest(f"{scenario.name} {profile}"):
                    self.compare(scenario / f"cadvisor-{profile}.prom", text)

    def test_types_and_labels_are_those_of_a_kubelet(self):
        kubelet = shapes(HERE.parent / "cadvisor/kubelet-1.37.prom")
        ours = shapes(HERE / "kubernetes/cadvisor-kubelet.prom")
        self.assertGreater(len(ours), 40)
        self.assertEqual(ours, {name: kubelet.get(name) for name in ours})

    def compare(self, expected, got):
        if os.environ.get("UPDATE"):
            expected.write_bytes(got)
        want = expected.read_bytes()
        diff = difflib.unified_diff(want.decode().splitlines(), got.decode().splitlines(), "expected", "got", lineterm="")
        self.assertTrue(want == got, "\n".join(list(diff)[:50]))

    def test_promtool_has_nothing_to_say(self):
        self.assertIsNotNone(shutil.which("promtool"), "promtool comes with Debian's package prometheus")
        for scenario in SCENARIOS:
            with self.subTest(scenario.name):
                for path in scenario.glob("[es]*.prom"):
                    run = subprocess.run(["promtool", "check", "metrics"], input=path.read_bytes(), capture_output=True, check=False)
                    self.assertEqual((run.returncode, run.stdout + run.stderr), (0, b""))

    def test_every_file_of_the_catalog_is_recorded(self):
        rows = re.findall(r"^\| `cgroup_\w+` \|.*$", METRICS_DOC.read_text(), re.MULTILINE)
        documented = {re.sub(r"\{\w+\}", "[^.]+", name) for row in rows for name in re.findall(r"`([a-z]+(?:\.[\w{}]+)+)`", row)}
        recorded = {path.name for scenario in SCENARIOS for path in (scenario / "sys/fs/cgroup").rglob("*.*") if path.is_file()}
        self.assertGreater(len(documented), 80)
        self.assertEqual({name for name in documented if not any(re.fullmatch(name, file) for file in recorded)}, set())


if __name__ == "__main__":
    unittest.main()
