# SPDX-License-Identifier: Apache-2.0
"""Every interface file that this kernel has: exported, or named with a reason in docs/METRICS.md."""

import re

import sources
from case import LabTest


class InterfaceTest(LabTest):
    def test_every_readable_file_is_exported_or_named_as_unread(self):
        listing = self.machine.text("cd /sys/fs/cgroup; find . -type f -perm -0400")
        files = {path.rpartition("/")[2] for path in listing.splitlines()}
        self.assertGreater(len(files), 40)
        rows = list(sources.rows())
        unknown = {name for name in files if not any(row.file.fullmatch(name) for row in rows) and not sources.not_exported(name)}
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

    def test_a_poll_reads_every_file_at_most_once(self):
        read = lambda: (int(self.machine.text("cat /proc/$(pidof cgroup2_exporter)/io").split("syscr: ")[1].split()[0]),
                        int(re.search(r"^cgroup_exporter_poll_duration_seconds_count (\d+)$", self.machine.fetch().decode(), re.MULTILINE).group(1)))
        files = int(self.machine.text("find /sys/fs/cgroup -type f -perm -0400 | wc -l"))
        before = read()
        self.machine.sh("sleep 12")
        after = read()
        reads, polls = (late - early for early, late in zip(before, after))
        self.assertGreaterEqual(polls, 4)
        self.report(f"{reads / polls:.0f} calls of read(2) in a poll of {files} readable files")
        self.assertLess(reads, (polls + 1) * files)  # the reads of one poll may be among them, and the poll not

    def test_without_the_events_of_descendants(self):
        """The mount option memory_localevents, told apart and not corrected."""
        self.machine.sh("""
            mount -o remount,memory_localevents /sys/fs/cgroup
            cd /sys/fs/cgroup && mkdir local && echo +memory >local/cgroup.subtree_control && mkdir local/child && echo 8M >local/child/memory.max
            ! sh -c 'echo 0 >local/child/cgroup.procs && exec tail /dev/zero'
            cgroup2_exporter --web.listen-address=127.0.0.1:9307 >/dev/null 2>&1 & echo $! >/run/second""")
        try:
            second = lambda: self.machine.text("wget -q -O - http://127.0.0.1:9307/metrics | grep -e localevents -e memory_oom_kills || true")
            shown = self.eventually(second, lambda text: "/local/child" in text, "an exporter started under memory_localevents")
            self.assertIn('cgroup_exporter_kernel_feature{feature="memory_localevents"} 1', shown)
            self.assertIn('cgroup_memory_oom_kills_total{cgroup="/local"} 0', shown)
            self.assertIn('cgroup_memory_oom_kills_total{cgroup="/local/child"} 1', shown)
        finally:
            self.machine.sh("kill $(cat /run/second); rmdir /sys/fs/cgroup/local/child /sys/fs/cgroup/local; mount -o remount /sys/fs/cgroup")

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
