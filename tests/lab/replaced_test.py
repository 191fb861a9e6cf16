# SPDX-License-Identifier: Apache-2.0
"""A pod whose container is killed for its memory and replaced three times, as Prometheus sees it."""

import pathlib
import tempfile
import time

from case import id_of
from kills import KillsTest
from prometheus import Prometheus

UID = "5d1f7a0e-3c55-4b43-9f0c-7b1f0d6a2c11"
POD = f"/kubepods/burstable/pod{UID}"
KILLS = 'cgroup_oom_kills_total{namespace="shop",pod="cart-0",container="web"}'

# As the kubelet and a runtime do it: the link comes before the process, the cgroup goes right after it.
LIVE = """
mkdir -p /var/log/containers /sys/fs/cgroup{pod}
echo +memory >/sys/fs/cgroup{pod}/cgroup.subtree_control
ln -s /var/log/pods/shop_cart-0_{uid}/web/{number}.log /var/log/containers/cart-0_shop_web-{id}.log
mkdir /sys/fs/cgroup{pod}/{id}
echo 4194304 >/sys/fs/cgroup{pod}/{id}/memory.max
echo 0 2>/dev/null >/sys/fs/cgroup{pod}/{id}/memory.swap.max
"""
DIE = """
sh -c 'echo 0 >/sys/fs/cgroup{pod}/{id}/cgroup.procs; exec tail /dev/zero' 2>/dev/null
until rmdir /sys/fs/cgroup{pod}/{id} 2>/dev/null; do :; done
rm /var/log/containers/cart-0_shop_web-{id}.log
"""


class ReplacedTest(KillsTest):
    def setUp(self):
        directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="lab.")))
        self.five = self.enterContext(Prometheus(self.machine.metrics_port, directory, 200, interval=5))

    def value_of(self, expression, at=None):
        found = self.five.query(expression, at)
        self.assertLessEqual(len(found), 1, found)
        return found[0][1] if found else None

    def run_script(self, script, number):
        self.machine.sh(script.format(pod=POD, uid=UID, number=number, id=id_of(f"web-{number}")), timeout=60)

    def test_increase_over_a_minute_is_the_number_of_kills(self):
        before = self.kernel()
        for number in range(3):
            self.run_script(LIVE, number)
            if number == 0:
                self.eventually_equal(lambda: self.value_of(KILLS), 0, "the counter before the first kill", seconds=30)
            time.sleep(3)
            self.run_script(DIE, number)
            time.sleep(3)
        self.assertEqual(self.kernel() - before, 3)
        self.eventually_equal(lambda: self.value_of(KILLS), 3, "the counter")
        # increase() stretches what it saw to the edges of the minute. At the time of a sample there is nothing to stretch to at the end, and
        # nothing at the beginning where the counter is still 0: it began no earlier.
        at = self.value_of(f"timestamp({KILLS})")
        self.assertEqual(self.value_of(f"min_over_time({KILLS}[1m])", at), 0, "the counter is 0 before the first kill")
        self.assertEqual(self.value_of(f"resets({KILLS}[1m])", at), 0)
        increase = self.value_of(f"increase({KILLS}[1m])", at)
        self.assertAlmostEqual(increase, 3, places=9)
        self.report(f"increase over a minute, scraped every 5 s: {increase}, of 3 kills of 3 containers")
