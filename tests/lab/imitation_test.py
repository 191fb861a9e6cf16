# SPDX-License-Identifier: Apache-2.0
"""A cgroup whose name imitates what the kernel's log says of another cgroup, and which is killed for its memory."""

import re

from kills import KillsTest
from pods import made, run_in

IMITATED = "/imitated"
# In the log: task_memcg=/imitation/x,task_memcg=/imitated,task=tail
IMITATION = f"/imitation/x,task_memcg={IMITATED}"
UNCERTAIN = re.compile(r"^cgroup_exporter_oom_victims_uncertain_total (\d+)$", re.MULTILINE)
OWN = re.compile(r'^(cgroup_oom_\w+\{cgroup="/imitated".*\}) (\d+)$', re.MULTILINE)


def make(cgroup, limits):
    """With the memory controller in each directory on the way."""
    names = cgroup.split("/")
    parents = ["/".join(names[:length]) for length in range(2, len(names))]
    return "".join(made(parent, {}) + f"echo +memory >/sys/fs/cgroup{parent}/cgroup.subtree_control\n" for parent in parents) + made(cgroup, limits)


class ImitationTest(KillsTest):
    def of_imitated(self):
        return dict(OWN.findall(self.machine.fetch().decode()))

    def uncertain(self):
        return int(UNCERTAIN.search(self.machine.fetch().decode())[1])

    def check(self, what, kill):
        """None of the other's series changes or appears, and the victim is nobody's."""
        before, uncertain, kernel = self.of_imitated(), self.uncertain(), self.kernel()
        self.assertTrue(before)
        self.machine.sh(kill)
        self.assertGreater(self.kernel(), kernel)
        self.settle(what)
        self.eventually(self.uncertain, lambda now: now > uncertain, f"{what}: victims that are nobody's")
        self.assertEqual(self.of_imitated(), before, what)
        self.report(f"{what}: the other's {len(before)} series stay as they were")

    def test_a_cgroup_gets_no_victim_of_one_that_imitates_it(self):
        self.machine.sh(made(IMITATED, {}))
        self.addCleanup(lambda: self.machine.sh(f"rmdir /sys/fs/cgroup{IMITATED}"))
        self.eventually(self.of_imitated, bool, "the other's owner in the ledger")
        kill = run_in(IMITATION, "tail /dev/zero")
        limits = {"memory.max": 4 << 20}
        self.machine.sh(make(IMITATION, limits))
        self.eventually(lambda: self.value("cgroup_memory_usage_bytes", IMITATION), lambda value: value is not None, "the cgroup that imitates")
        self.check("one that is known", kill)
        self.machine.sh(f"rmdir /sys/fs/cgroup{IMITATION}")
        self.check("one that is made and removed at once", made(IMITATION, limits) + kill + f"rmdir /sys/fs/cgroup{IMITATION}\n")
        self.machine.sh("find /sys/fs/cgroup/imitation -depth -type d -exec rmdir {} +")
