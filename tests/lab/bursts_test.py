# SPDX-License-Identifier: Apache-2.0
"""Stalls that are shorter than a scrape: the exporter counts them; and what triggers of PSI do and cost, which it does without."""

import re
import time

from case import LabTest

CGROUP = "/bursts"
DIRECTORY = f"/sys/fs/cgroup{CGROUP}"
# Without triggers that cost no thread.
OLD = ("5.10",)  # it makes a thread for each cgroup with triggers, whoever asks; 6.1 has the change of 6.5 as well
FACTS = {
    "threads of a privileged trigger": "1",
    "privileged, window of 1 s": "made",
    "read-only mount": "EROFS",
    "by nobody": "EACCES",
    "window of 1 s": "EINVAL",
    "window of 3 s": "EINVAL",
    "threads of triggers": "0",
    "a second write": "EBUSY",
    "before": "no",
    "after 300 ms of waiting": "POLLPRI",
    "asked again": "no",
    "another trigger": "POLLPRI",
    "after 300 ms of waiting, and a reader": "no",
    "after 5 s of waiting": "POLLPRI",
    "removed": "POLLPRI|POLLERR",
}


class BurstsTest(LabTest):
    def counts(self):
        """(resource, stall) -> bursts of the cgroup."""
        found = re.findall(rf'^cgroup_pressure_bursts_total\{{cgroup="{CGROUP}",resource="(\w+)",stall="(\w+)"\}} (\d+)$', self.machine.fetch().decode(), re.MULTILINE)
        return {(resource, stall): int(count) for resource, stall, count in found}

    def own(self, state):
        return int(re.search(rf'^cgroup_exporter_pressure_bursts\{{state="{state}"\}} (\d+)$', self.machine.fetch().decode(), re.MULTILINE).group(1))

    def test_a_stall_between_two_scrapes_is_counted(self):
        self.machine.sh(f"mkdir {DIRECTORY}")
        self.addCleanup(lambda: self.machine.sh(f"sleep 0.2; rmdir {DIRECTORY}"))
        before = self.eventually(self.counts, bool, "the bursts of the cgroup")
        self.assertEqual(len(before), 5 if self.machine.version == "5.10" else 6, "5.10 has no full of cpu.pressure")
        self.assertEqual(set(before.values()), {0})
        self.machine.sh(f"bursts stall {DIRECTORY} 300")
        self.eventually(self.counts, lambda counts: counts["cpu", "some"] > 0, "the stall is counted", seconds=10)
        time.sleep(3)
        after = self.counts()
        self.assertLessEqual(after["cpu", "some"], 2, "a stall is in two windows at most")
        self.assertEqual({count for (resource, _), count in after.items() if resource != "cpu"}, {0}, "of memory and io")
        self.report(f"300 ms of waiting for a CPU: {after['cpu', 'some']} burst(s); cgroups watched: {self.own('watched')}")


class TriggersTest(LabTest):
    """Why the exporter reads instead. It must not run meanwhile: it reads every cgroup. triggers.py runs this."""

    def setUp(self):
        super().setUp()
        self.machine.sh("kill -TERM $(cat /run/exporter.pid) && until [ -s /run/exporter.status ]; do sleep 0.1; done")

    def test_triggers_cost_more_and_miss_stalls(self):
        if self.machine.version in OLD:
            self.skipTest("there are no triggers without a thread")
        told = self.machine.text(f"mkdir {DIRECTORY}.facts && bursts facts {DIRECTORY}.facts")
        self.assertEqual(dict(line.split(": ", 1) for line in told.splitlines()), FACTS)
        root = f"{DIRECTORY}.price"
        self.machine.sh(f"mkdir -p {root}/own && echo +memory >{root}/cgroup.subtree_control && i=0; while [ $i -lt 20 ]; do mkdir {root}/$i; i=$((i + 1)); done", timeout=120)
        self.report(self.machine.text(f"bursts price {root} 20 6", timeout=120))
