# SPDX-License-Identifier: Apache-2.0
"""What tests of OOM kills share. The kernel's total, oom_kill of /proc/vmstat, is the judge."""

import re
import time

from case import LabTest

BY_LIMIT = re.compile(r'^cgroup_oom_kills_by_limit_total\{.*limit="(\w+)"\} (\d+)$', re.MULTILINE)
SAMPLE = re.compile(r"^cgroup_oom_kills_(total|unattributed_total|forgotten_total)(?:\{(.*)\})? (\d+)$", re.MULTILINE)


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
