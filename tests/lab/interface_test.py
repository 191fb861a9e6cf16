# SPDX-License-Identifier: Apache-2.0
"""Every interface file that this kernel has: exported, or named with a reason in docs/METRICS.md."""

import fnmatch
import pathlib
import re

from case import LabTest

METRICS = pathlib.Path(__file__).resolve().parent.parent.parent / "docs/METRICS.md"


def documented():
    """The names of files in the tables: the sources of metrics, a label as a star, and what is not exported."""
    text = METRICS.read_text()
    rows = re.findall(r"^\| `cgroup_\w+` \|.*$", text, re.MULTILINE)
    sources = {re.sub(r"\{\w+\}", "*", name) for row in rows for name in re.findall(r"`([a-z]+(?:\.[\w{}]+)+)`", row)}
    table = text.split("## Not exported")[1].split("\n## ")[0]
    unread = {name for name, key in re.findall(r"^\| `([^`]+)` \| (\S*) *\|", table, re.MULTILINE) if key in ("", "|")}
    return sources, unread


class InterfaceTest(LabTest):
    def test_every_readable_file_is_exported_or_named_as_unread(self):
        listing = self.machine.text("cd /sys/fs/cgroup; find . -type f -perm -0400")
        files = {path.rpartition("/")[2] for path in listing.splitlines()}
        sources, unread = documented()
        self.assertGreater(len(sources), 80)
        self.assertGreater(len(files), 40)
        unknown = {name for name in files if not any(fnmatch.fnmatchcase(name, row) for row in sources | unread)}
        self.assertEqual(unknown, set(), "files that src/catalog/files.h has no row for")
        self.report(f"{len(files)} different files in {len(set(listing.splitlines()))} places, all known")

    def test_no_key_of_memory_stat_is_unknown(self):
        body = self.machine.fetch().decode()
        unknown = set(re.findall(r'^cgroup_memory_(?:numa_)?stat_other\{.*type="(\w+)"', body, re.MULTILINE))
        self.assertEqual(unknown, set(), "keys that src/catalog/memory_stat.h does not know")

    def test_no_file_is_read_with_an_error(self):
        body = self.machine.fetch().decode()
        errors = re.findall(r"^cgroup_exporter_read_errors_total.*$", body, re.MULTILINE)
        self.assertEqual(errors, [])

    def test_features_are_what_the_files_say(self):
        body = self.machine.fetch().decode()
        features = dict(re.findall(r'^cgroup_exporter_kernel_feature\{feature="(\w+)"\} ([01])$', body, re.MULTILINE))
        rows = {"memory_peak": "memory.peak", "memory_swap_peak": "memory.swap.peak", "pids_peak": "pids.peak", "psi": "memory.pressure",
                "irq_pressure": "irq.pressure", "cpu_uclamp": "cpu.uclamp.min", "cpu_stat_local": "cpu.stat.local"}
        for feature, name in rows.items():
            with self.subTest(feature=feature):
                found = self.machine.text(f"find /sys/fs/cgroup -name {name} | head -n 1")
                self.assertEqual(features.get(feature), "1" if found else "0")

    def test_a_controller_that_is_switched_on_later_appears(self):
        switch = lambda word: self.machine.sh(f"echo {word}pids >/sys/fs/cgroup/later/cgroup.subtree_control")
        self.machine.sh("mkdir /sys/fs/cgroup/later /sys/fs/cgroup/later/child")
        for word, expected in (("+", 0), ("-", None), ("+", 0)):
            switch(word)
            self.eventually_equal(lambda: self.value("cgroup_pids", "/later/child"), expected, f"pids after {word}pids")
        self.machine.sh("rmdir /sys/fs/cgroup/later/child /sys/fs/cgroup/later")

    def test_pressure_may_be_switched_off_and_on_again(self):
        self.machine.sh("mkdir /sys/fs/cgroup/pressed")
        read = lambda: self.value("cgroup_memory_pressure_waiting_seconds_total", "/pressed")
        self.eventually_equal(read, 0, "pressure of a new cgroup")
        if self.machine.text("ls /sys/fs/cgroup/pressed").find("cgroup.pressure") >= 0:
            for switch, expected in ((0, None), (1, 0)):
                self.machine.sh(f"echo {switch} >/sys/fs/cgroup/pressed/cgroup.pressure")
                self.eventually_equal(read, expected, f"pressure switched to {switch}")
        else:
            self.report("this kernel cannot switch pressure off for a cgroup")
        self.machine.sh("rmdir /sys/fs/cgroup/pressed")
