# SPDX-License-Identifier: Apache-2.0
"""No OOM kill is lost and none is counted twice, whatever becomes of its cgroup."""

import collections
import re
import time

import writes_test
from kills import KillsTest

# kind, workers, times: at least 2,000 kills.
ROUNDS = [
    ("living", 1, 30), ("living", 2, 30), ("living", 5, 20), ("living", 10, 12), ("living", 20, 6), ("living", 50, 3), ("living", 100, 2), ("living", 200, 1),
    ("removed", 1, 30), ("removed", 5, 20), ("removed", 20, 6), ("removed", 50, 3), ("deep", 5, 12), ("deep", 20, 4),
    ("first", 5, 12), ("first", 20, 4), ("group", 1, 10), ("group", 5, 6), ("ancestor", 5, 12), ("ancestor", 20, 4), ("living", 20, 10),
]


FEW = 10  # killed at once
ROUND = re.compile(r"r(\d+)-")
LINE = re.compile(r'msg="OOM kill" cgroup="?(\S+?)"? .*processes=(\d+) limit=(\w+)')


class StormTest(KillsTest):
    kills = 0
    lived = {True: 0, False: 0}  # cgroups that lived 100 ms, by whether few were killed at once
    named = {True: 0, False: 0}  # those of them that have their owner

    @classmethod
    def setUpClass(cls):
        """Settings change during the storms."""
        cls.machine.sh(writes_test.MAKE)
        cls.machine.sh(f"setsid writes forever /sys/fs/cgroup/{writes_test.TREE} >/dev/null 2>&1 & echo $! >/run/writer")

    def storm(self, kind, number, workers, times):
        """Runs one; returns the cgroups that were killed, with the time that each lived."""
        output = self.machine.sh(f"/lab/storm.sh {kind} {number} {workers} {times}", timeout=180).decode()
        return {path: int(lived) / 1000 for path, lived in (line.split() for line in output.splitlines())}

    def check(self, kind, number, workers, times):
        before = self.kernel()
        started = time.monotonic()
        lives = self.storm(kind, number, workers, times)
        seconds = time.monotonic() - started
        owners, rests = self.settle(f"{kind} {workers} at once")
        kills = self.kernel() - before
        self.assertGreaterEqual(kills, workers * times)
        old = [path for path, lived in lives.items() if lived >= 0.1]
        named = sum(owners.get(path, 0) > 0 for path in old)
        StormTest.kills += kills
        StormTest.lived[workers <= FEW] += len(old)
        StormTest.named[workers <= FEW] += named
        self.report(f"{kind:8} {workers:3} at once: {kills:3} kills in {seconds:4.1f} s, all counted; of {len(old):3} that lived 100 ms {named} with their owner; rests {rests}")

    def test_every_kill_is_counted_once(self):
        for number, (kind, workers, times) in enumerate(ROUNDS):
            with self.subTest(kind=kind, workers=workers):
                self.check(kind, number, workers, times)
        for few, what in ((True, f"at most {FEW} at once"), (False, "more")):
            self.report(f"{what}: of {self.lived[few]} cgroups that lived 100 ms {self.named[few]} have their owner")
        self.report(f"{StormTest.kills} kills, all counted once")
        self.assertGreaterEqual(sum(self.named.values()), 0.99 * sum(self.lived.values()), "cgroups that lived 100 ms and have their owner")

    def test_no_write_was_missed(self):
        self.machine.sh("kill $(cat /run/writer)")
        self.assertNotIn("cgroup_exporter_cold_file_misses_total{", self.machine.fetch().decode())

    def test_none_is_charged_to_the_host(self):
        """Every kill of the rounds enforced a limit. Runs after the rounds: its name comes later."""
        self.settle("after all rounds")
        self.eventually_equal(lambda: sum(self.limits().values()), sum(self.counts()[0].values()), "kills whose limit is decided")
        limits = self.limits()
        self.report(f"by limit: {limits}")
        self.assertEqual(limits["none"], 0)

    def test_other_processes_of_a_group_are_on_its_line(self):
        lines = collections.defaultdict(list)
        for cgroup, processes, limit in LINE.findall(self.machine.text("cat /run/exporter.log")):
            lines[cgroup].append((int(processes), limit))
        groups = [number for number, (kind, _, _) in enumerate(ROUNDS) if kind == "group"]
        of_groups = {cgroup: said for cgroup, said in lines.items() if int(ROUND.search(cgroup)[1]) in groups}
        self.report(f"{len(lines)} cgroups with a line, {len(of_groups)} of them killed as groups")
        self.assertGreater(len(of_groups), 30)
        self.assertEqual({cgroup: said for cgroup, said in of_groups.items() if len(said) > 1}, {}, "OOMs with several lines")
