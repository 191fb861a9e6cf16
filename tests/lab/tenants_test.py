# SPDX-License-Identifier: Apache-2.0
"""A user of the machine makes as many cgroups as he likes, and a pod that starts after them is seen and counted all the same."""

from kills import KillsTest
from pods import Pod, keep_in, run_in

CONFIG = "/etc/cgroup2_exporter.yaml"
SLICE = "/user.slice/user-1000.slice"
MANAGER = f"{SLICE}/user@1000.service"
MANAGERS = 4  # cgroups of the user's manager
MANY = 300  # that it makes
ROOM = 50  # for new ones, when the user begins
LATE = Pod("shop", "late-0")
EARLY = Pod("shop", "early-0")
# As systemd does it: the controllers are on where a user's manager is.
MANAGER_STARTS = "".join(f"mkdir -p /sys/fs/cgroup{path}\nenable_controllers /sys/fs/cgroup{path}\n"
                         for path in ("/user.slice", SLICE, MANAGER, f"{MANAGER}/app.slice"))
USER_MAKES_MANY = f"cd /sys/fs/cgroup{MANAGER}/app.slice\nfor i in $(seq {MANY}); do mkdir many-$i; done\n"
REMOVE = "".join(f"echo 1 >/sys/fs/cgroup{top}/cgroup.kill\nwhile [ -d /sys/fs/cgroup{top} ]; do "
                 f"find /sys/fs/cgroup{top} -depth -type d -exec rmdir {{}} + 2>/dev/null || sleep 0.1; done\n"
                 for top in (SLICE, EARLY.cgroup, LATE.cgroup))


class TenantsTest(KillsTest):
    def setUp(self):
        config = self.machine.text(f"cat {CONFIG}")
        self.addCleanup(lambda: self.reload(config))
        self.addCleanup(lambda: self.machine.sh(REMOVE))

    def reload(self, config):
        self.machine.sh(f"echo '{config}' >{CONFIG}; kill -HUP $(cat /run/exporter.pid)")

    def own(self, sample):
        """The value of one of the exporter's own series, by its text up to the value; 0 if it is not there."""
        lines = [line for line in self.machine.fetch().decode().splitlines() if line.startswith(sample + " ")]
        return float(lines[0].rpartition(" ")[2]) if lines else 0

    def families(self, cgroup):
        """The names of all samples of a cgroup in one scrape."""
        label = f'{{cgroup="{cgroup}"'
        return {line.partition("{")[0] for line in self.machine.fetch().decode().splitlines() if label in line}

    def test_a_pod_that_starts_after_a_users_cgroups_has_its_series_and_its_kill(self):
        early, late = (pod.container("web") for pod in (EARLY, LATE))
        self.machine.sh(EARLY.start({}) + early.create({"memory.max": 8 << 20}) + keep_in(early.cgroup, "sleep 100000"))
        self.eventually(lambda: self.families(early.cgroup), bool, "the first pod")
        there = int(self.machine.text("find /sys/fs/cgroup -mindepth 1 -type d | wc -l"))
        self.reload(f"cgroup: {{max_count: {there + ROOM}}}")
        self.machine.sh(MANAGER_STARTS + USER_MAKES_MANY)
        dropped = lambda: self.own('cgroup_exporter_cgroups{state="dropped"}')
        before = MANY + MANAGERS - ROOM
        self.eventually_equal(dropped, before, "dropped cgroups")

        self.machine.sh(LATE.start({}) + late.create({"memory.max": 8 << 20}) + keep_in(late.cgroup, "sleep 100000"))
        # A scrape gets values that are up to a second old. The first one that has the pod has all of it.
        seen = self.eventually(lambda: self.families(late.cgroup), bool, "the late pod")
        self.assertEqual(seen, self.families(early.cgroup), "the late pod has the series of an early one")
        self.assertGreater(len(seen), 25)  # of 29 by default
        pods = int(self.machine.text(f"find /sys/fs/cgroup{LATE.cgroup} -type d | wc -l"))
        self.eventually_equal(dropped, before + pods, "as many more of the user's cgroups as the pod has")

        self.machine.sh(run_in(late.cgroup, "tail /dev/zero"))
        owner = ",".join(f'{name}="{value}"' for name, value in late.owner.items())
        self.eventually_equal(lambda: self.samples().get(("total", owner)), 1, "the late pod's kill")
        self.settle("after the late pod's kill")
        self.report(f"{MANY} cgroups of a user, {there + ROOM} at most: {len(seen)} families of the late pod in its first scrape, its kill attributed")
