# SPDX-License-Identifier: Apache-2.0
"""What tests of OOM kills share. The kernel's total, oom_kill of /proc/vmstat, is the judge."""

import concurrent.futures
import re
import threading
import time

from case import LabTest

BY_LIMIT = re.compile(r'^cgroup_oom_kills_by_limit_total\{.*limit="(\w+)"\} (\d+)$', re.MULTILINE)
SAMPLE = re.compile(r"^cgroup_oom_kills_(total|unattributed_total|forgotten_total)(?:\{(.*)\})? (\d+)$", re.MULTILINE)
# kind, workers, times, all at once.
STORM = [("living", 4, 10), ("removed", 3, 10), ("deep", 2, 10), ("first", 3, 10)]


class KillsTest(LabTest):
    def kernel(self):
        return self.machine.keyed("/../../../proc/vmstat")["oom_kill"]

    def samples(self):
        """Everything that counts kills: (kind, labels) -> value."""
        return {(kind, labels): int(value) for kind, labels, value in SAMPLE.findall(self.machine.fetch().decode())}

    def counts(self):
        """cgroup -> kills in the ledger by the path of the owner; the same of the unattributed; and the sum over everything."""
        samples = self.samples()
        by_path = lambda wanted: {labels.split('"')[1]: value for (kind, labels), value in samples.items() if kind == wanted}
        return by_path("total"), by_path("unattributed_total"), sum(samples.values())

    def settle(self, what):
        """Waits for the exporter to know of all kills; returns its counts. It must never know of more."""
        deadline = time.monotonic() + 15
        while True:
            owners, rests, total = self.counts()
            kernel = self.kernel()
            self.assertLessEqual(total, kernel, what)
            if total == kernel:
                return owners, rests
            self.assertLess(time.monotonic(), deadline, f"{what}: {total} of {kernel} kills")
            time.sleep(0.3)

    def limits(self):
        """limit -> kills of all owners."""
        sums = dict.fromkeys(("own", "ancestor", "none", "unknown"), 0)
        for limit, kills in BY_LIMIT.findall(self.machine.fetch().decode()):
            sums[limit] += int(kills)
        return sums


class StormsTest(KillsTest):
    """Storms of kills in many cgroups that come and go, and the books after them."""

    rounds = 0

    def setUp(self):
        self.settle("before")
        self.kills_before = self.kernel()
        self.branch_before = self.branch_kills()

    def branch_kills(self):
        """The kernel's count of the branch, which lives on whatever is removed below it."""
        return int(self.machine.text("sed -n 's/^oom_kill //p' /sys/fs/cgroup/storm/memory.events 2>/dev/null || echo 0") or 0)

    def storm(self, kinds=STORM):
        """Runs the storms of a round at once; returns the number of kills that they make."""
        StormsTest.rounds += 1
        commands = "".join(f"/lab/storm.sh {kind} {self.rounds}-{kind} {workers} {times} &\n" for kind, workers, times in kinds)
        self.machine.sh(f"mkdir -p /sys/fs/cgroup/storm; echo +memory >/sys/fs/cgroup/storm/cgroup.subtree_control\n{commands}wait", timeout=120)
        return sum(workers * times for _, workers, times in kinds)

    def storms_during(self, action):
        """Makes one storm after another until the action is over, however fast the machine is; returns the number of kills."""
        over = threading.Event()

        def storms():
            kills = self.storm()
            while not over.is_set():
                kills += self.storm()
            return kills

        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            kills = pool.submit(storms)
            try:
                action()
            finally:
                over.set()
            return kills.result()

    def check(self, what, least):
        """The books: of the host, of the branch that lives, and as Prometheus saw them."""
        owners, rests = self.settle(what)
        kills = self.kernel() - self.kills_before
        self.assertGreaterEqual(kills, least, what)
        in_branch = lambda path: path == "/storm" or path.startswith("/storm/")
        named = sum(value for path, value in owners.items() if in_branch(path))
        rest = sum(value for path, value in rests.items() if in_branch(path))
        self.assertEqual(named + rest, self.branch_kills(), f"{what}: {named} with an owner and {rest} without below /storm, where the parent lives")
        for metric in ("cgroup_oom_kills_total", "cgroup_oom_kills_unattributed_total"):
            self.assertEqual(self.prometheus.query(f"resets({metric}[10m]) > 0"), [], f"{metric} fell")
        here = self.branch_kills() - self.branch_before
        self.report(f"{what}: {kills} kills, all counted once, {here} of them below the parent that lives; so far {sum(owners.values())} with an owner, rests {rests}")
