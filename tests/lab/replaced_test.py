# SPDX-License-Identifier: Apache-2.0
"""A pod whose container is killed for its memory and replaced three times, as Prometheus sees it."""

import pathlib
import tempfile
import time

from kills import KillsTest
from pods import Pod, run_in
from prometheus import Prometheus

POD = Pod("shop", "cart-0")
CONTAINERS = [POD.container("web", restarts) for restarts in range(3)]
KILLS = 'cgroup_oom_kills_total{namespace="shop",pod="cart-0",container="web"}'


class ReplacedTest(KillsTest):
    def setUp(self):
        directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="lab.")))
        self.five = self.enterContext(Prometheus(self.machine.metrics_port, directory, 200, interval=5))

    def value_of(self, expression, at=None):
        found = self.five.query(expression, at)
        self.assertLessEqual(len(found), 1, found)
        return found[0][1] if found else None

    def test_increase_over_a_minute_is_the_number_of_kills(self):
        before = self.kernel()
        self.machine.sh(POD.start({}))
        for container in CONTAINERS:
            self.machine.sh(container.create({"memory.max": 4 << 20}))
            if container.restarts == 0:
                self.eventually_equal(lambda: self.value_of(KILLS), 0, "the counter before the first kill", seconds=30)
            time.sleep(3)
            self.machine.sh(run_in(container.cgroup, "tail /dev/zero") + container.remove())
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
