# SPDX-License-Identifier: Apache-2.0
"""What it costs to watch for kills where there are none."""

import re
import time

from case import LabTest

COUNT = 900  # with all collectors on, the machine's limit on open files, 4096, is enough for 1025 cgroups
SECONDS = 20
MAKE = f"""
mkdir /sys/fs/cgroup/idle
echo +memory >/sys/fs/cgroup/idle/cgroup.subtree_control
i=0
while [ $i -lt {COUNT} ]; do mkdir /sys/fs/cgroup/idle/$i; i=$((i + 1)); done
"""
REMOVE = "for cgroup in /sys/fs/cgroup/idle/*/ /sys/fs/cgroup/idle; do rmdir $cgroup; done"
# Nanoseconds on a processor since the start (proc(5), schedstat), of the watcher and of all threads.
COST = """
cd /proc/$(cat /run/exporter.pid)/task
for task in *; do
  read -r name <$task/comm
  read -r spent _ <$task/schedstat
  echo $name $spent
done
"""


class IdleTest(LabTest):
    def setUp(self):
        self.machine.sh(MAKE, timeout=120)
        self.addCleanup(lambda: self.machine.sh(REMOVE, timeout=120))

    def cost(self):
        """Seconds of CPU of the watcher, and of the whole exporter."""
        spent = [(name, int(nanoseconds)) for name, nanoseconds in map(str.split, self.machine.text(COST).splitlines())]
        return sum(value for name, value in spent if name == "oom_watcher") / 1e9, sum(value for _, value in spent) / 1e9

    def watches(self, state):
        """What the exporter says itself: where the machine is emulated a whole scrape of so many cgroups takes longer than Prometheus waits."""
        text = self.machine.fetch("/metrics?collect[]=pids").decode()
        return int(re.search(rf'^cgroup_exporter_oom_watches{{state="{state}"}} (\d+)$', text, re.MULTILINE).group(1))

    def test_watching_idle_cgroups_costs_next_to_nothing(self):
        self.eventually(lambda: self.watches("watched"), lambda count: count >= COUNT, "watched cgroups", seconds=90)
        self.eventually(lambda: self.watches("missing"), lambda count: count == 0, "cgroups without a watch")
        watcher, everything = self.cost()
        time.sleep(SECONDS)
        watcher, everything = (after - before for after, before in zip(self.cost(), (watcher, everything)))
        self.report(f"{COUNT} idle cgroups, scraped every 2 s: in {SECONDS} s the watcher took {watcher * 1000:.1f} ms of CPU, all threads {everything * 1000:.0f} ms")
        # What it takes is one comparison of what is watched with what there is per poll. A wakeup by itself would show as much more.
        resident = int(self.machine.text("sed -n 's/^VmRSS:[^0-9]*\\([0-9]*\\) kB/\\1/p' /proc/$(cat /run/exporter.pid)/status"))
        self.report(f"resident memory: {resident / 1024:.0f} MiB")
        self.assertLess(resident, 64 * 1024, "KiB of resident memory: what was sent must go back to the kernel")
        self.assertGreater(watcher, 0)
        self.assertLess(watcher, 0.01 * everything, "the watcher's share of the exporter's CPU")
