# SPDX-License-Identifier: Apache-2.0
"""The exporter as a service: its exposition, its log, reload and end. The last test stops it."""

import re
import subprocess

import sandboxed
from case import LabTest

CONFIG = "/etc/cgroup2_exporter.yaml"


class ExpositionTest(LabTest):
    def test_promtool_finds_nothing_to_say(self):
        checked = subprocess.run(["promtool", "check", "metrics"], input=self.machine.fetch(), capture_output=True, timeout=60)
        self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, b""))

    def test_prometheus_stored_every_scrape(self):
        up = self.prometheus.query("avg_over_time(up[10m])")[0][1]
        samples = self.prometheus.query("scrape_samples_scraped")[0][1]
        self.report(f"up {up:.3f} on average, {samples:.0f} samples per scrape")
        self.assertEqual(self.prometheus.query("up")[0][1], 1)
        self.assertGreater(up, 0.9, "a busy host may delay an emulated machine's answer, but rarely")
        self.assertGreater(samples, 500)
        self.assertEqual(self.prometheus.log.read_text(), "", "Prometheus complained")


class SandboxByDefaultTest(LabTest):
    more = None

    def test_every_layer_that_the_kernel_has_holds_in_every_thread(self):
        self.assertEqual(sandboxed.said(self.machine.fetch().decode()), sandboxed.expected(self.machine.version, self.more))


class SandboxTest(SandboxByDefaultTest):
    """Of an exporter with every collector."""

    more = sandboxed.MORE


class LogTest(LabTest):
    def test_no_line_is_repeated(self):
        lines = self.machine.sh("cat /run/exporter.log").decode().splitlines()
        # Every OOM kill is a line, also the second one of a container.
        messages = [re.sub(r"\d{4}-\d\d-\d\d[T ]\S+", "", line) for line in lines if 'msg="OOM ' not in line]
        self.assertEqual(sorted(messages), sorted(set(messages)))
        self.assertGreater(len(messages), 0)


class LifecycleTest(LabTest):
    def reload(self, config):
        self.machine.sh(f"cat >{CONFIG} <<'END'\n{config}\nEND\nkill -HUP $(cat /run/exporter.pid)")

    def test_hangup_reloads_the_configuration(self):
        there = lambda: bool(self.series("cgroup_info", cgroup="/hand"))
        self.eventually_equal(there, True, "/hand before")
        self.reload("cgroup:\n  exclude: /hand.*")
        self.eventually_equal(there, False, "/hand while it is excluded")
        self.reload("cgroup: [")
        self.reload("cgroup:\n  exclude: ''")
        self.eventually_equal(there, True, "/hand after a broken and a good configuration")
        self.assertEqual(self.prometheus.query("up")[0][1], 1)
        self.assertEqual(self.prometheus.query("changes(process_start_time_seconds[2m])")[0][1], 0, "it must be the same process")

    def test_terminate_ends_it_with_success(self):
        self.machine.sh("kill -TERM $(cat /run/exporter.pid)")
        read = lambda: self.machine.text("cat /run/exporter.status 2>/dev/null || true")
        self.eventually_equal(read, "0", "exit status after SIGTERM", seconds=10)
