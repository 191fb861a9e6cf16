# SPDX-License-Identifier: Apache-2.0
"""The exposition against the kernel's files, both ways: every value of a file is exported, and every value exported is a file's."""

import re

import sources
from case import LabTest

# What comes from processes and paths: identity_test.py, network_test.py, peaks_test.py and bursts_test.py compare it with what the runtimes and the kernel say.
ELSEWHERE = ("cgroup_info", "cgroup_namespace_info", "cgroup_network_", "cgroup_start_time_seconds", "cgroup_processes", "cgroup_open_files",
             "cgroup_sockets", "cgroup_memory_recent_peak", "cgroup_memory_swap_recent_peak", "cgroup_pressure_bursts_total")

# What runs while the files are read here is not what runs while the exporter is asked, nor is its memory. Everybody else sleeps.
BUSY = ("/", "/system.slice", "/system.slice/control.service", "/system.slice/cgroup2_exporter.service")
SLACK_BYTES = 4 << 20
SLACK_PIDS = 10

# Of one window of time: may be anything, where they differ at all.
WINDOW = re.compile(r"cgroup_io_(latency_|cost_vrate)")

FILES = """cd /sys/fs/cgroup
find . -type f -perm -0400 -print
echo ==
find . -type f -perm -0400 -exec grep '' /dev/null {} + 2>/dev/null
echo ==
cd /proc && grep '' /dev/null meminfo vmstat pressure/* 2>/dev/null
echo ==
cd /sys/dev/block && grep '^DEVNAME=' /dev/null */uevent || true"""


class Reading:
    """All files at one moment, and what the exporter must make of them."""

    def __init__(self, machine):
        names, contents, procfs, devices = machine.sh(FILES, timeout=120).decode("utf-8", "surrogateescape").split("==\n")
        lines = {name: [] for name in names.splitlines()}
        for line in contents.splitlines():
            name, _, text = line.partition(":")
            lines[name].append(text)
        files = {(name[1:].rpartition("/")[0] or "/", name.rpartition("/")[2]): text for name, text in lines.items()}
        known = {}
        for line in procfs.splitlines():
            name, _, text = line.partition(":")
            known.setdefault(name, []).append(text)
        expected = sources.Expected(files, dict(re.findall(r"^([\d:]+)/uevent:DEVNAME=(.*)$", devices, re.MULTILINE)))
        self.left = {place for place in expected.left if not sources.not_exported(*place)}
        self.values = expected.values
        for metric, value in sources.root_values(known).items():
            self.values.setdefault((metric, "/", ()), value)
        ram = next(int(text.split()[1]) for text in known["meminfo"] if text.startswith("MemTotal")) * 1024
        self.values |= sources.derived(self.values, ram)


class ValuesTest(LabTest):
    def test_every_value_is_the_files(self):
        # A number that came and went between the readings is not there the second time.
        for last in (False, False, True):
            try:
                return self.compare()
            except AssertionError:
                if last:
                    raise

    def exported(self):
        """Everything that is made of files, by (metric, cgroup, labels in the order of docs/METRICS.md)."""
        names = {row.metric: row.labels for row in sources.rows()}
        shown = {}
        for metric, labels, value in re.findall(r"^(cgroup_\w+)\{(.*)\} (\S+)$", self.machine.fetch().decode(), re.MULTILINE):
            if metric.startswith(("cgroup_exporter_", *sources.LEDGER, *ELSEWHERE)):
                continue
            named = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels))
            shown[metric, named["cgroup"], tuple(named.get(name, "") for name in names.get(metric, []))] = float(value)
        return shown

    def slack(self, metric, cgroup, labels, is_changing):
        """How far a value may lie outside of the two readings."""
        if metric.endswith("_total") or not (is_changing or cgroup in BUSY):
            return 0
        return SLACK_BYTES if metric.endswith("_bytes") else SLACK_PIDS if metric == "cgroup_pids" else 0

    def compare(self):
        before = Reading(self.machine)
        self.machine.sh("sleep 1.5")  # a scrape may get what was read a second ago
        shown = self.exported()
        after = Reading(self.machine)
        self.assertEqual(before.left | after.left, set(), "keys that no metric takes and docs/METRICS.md does not name as not exported")
        wrong = {}
        compared = before.values.keys() & after.values.keys()
        for series in compared:
            low, high = sorted((before.values[series], after.values[series]))
            if low != high and WINDOW.match(series[0]):
                continue
            slack = self.slack(*series, low != high)
            if series not in shown or not low - slack <= shown[series] <= high + slack:
                wrong[series] = (before.values[series], shown.get(series), after.values[series])
        self.assertFalse(wrong, "\n".join(f"{series}: {found}" for series, found in sorted(wrong.items())[:40]))
        self.assertEqual(shown.keys() - before.values.keys() - after.values.keys(), set(), "series of which no file has the value")
        exact = sum(before.values[series] == after.values[series] for series in compared)
        self.report(f"{len(compared)} values of {len({metric for metric, _, _ in compared})} metrics compared, {exact} of them exactly")
        self.assertGreater(exact, 4000)
