# SPDX-License-Identifier: Apache-2.0
"""No OOM kill is lost and none is counted twice when the exporter dies in the middle, when inotify fails it, or when the host runs out."""

import time

from kills import StormsTest

INOTIFY = "/proc/sys/fs/inotify"


class RestartsTest(StormsTest):
    def start(self):
        """Starts the exporter and waits for its first answer."""
        self.machine.sh("start_exporter")
        deadline = time.monotonic() + 30
        while True:
            try:
                return self.samples()
            except OSError:
                self.assertLess(time.monotonic(), deadline, self.machine.text("tail -n 20 /run/exporter.log"))
                time.sleep(0.1)

    def kill_and_start(self, seconds):
        """What was shown before must be shown by the next exporter: a counter that falls is a new start to Prometheus, which adds all of it again."""
        shown = self.samples()
        self.machine.sh(f"kill_exporter; sleep {seconds}")
        again = self.start()
        fell = {key: (value, again.get(key, 0)) for key, value in shown.items() if again.get(key, 0) < value}
        self.assertEqual(fell, {}, "shown by the exporter that was killed, and by the next one")

    def test_killed_before_the_storm_and_started_in_it(self):
        def start_late():
            time.sleep(2)
            self.start()

        self.machine.sh("kill_exporter")
        self.check("started in the storm", self.storms_during(start_late))

    def test_killed_in_the_middle_and_once_more(self):
        def kill_twice():
            for seconds in (0, 1):
                time.sleep(1)
                self.kill_and_start(seconds)

        self.check("killed twice in the storm", self.storms_during(kill_twice))

    def test_killed_just_after_the_last_kill(self):
        kills = self.storm()
        self.kill_and_start(0)
        self.check("killed just after the storm", kills)

    def with_inotify(self, name, value):
        """Has the exporter begin anew under a limit."""
        old = self.machine.number(f"/../../../{INOTIFY}/{name}")
        self.machine.sh(f"kill_exporter; echo {value} >{INOTIFY}/{name}")
        self.addCleanup(lambda: (self.machine.sh(f"kill_exporter; echo {old} >{INOTIFY}/{name}"), self.start()))
        self.start()

    def exporters(self, name):
        """A value of the exporter's own metrics."""
        return float(next(line.split()[-1] for line in self.machine.fetch().decode().splitlines() if line.startswith(name + " ")))

    def test_queue_of_inotify_overflows(self):
        self.with_inotify("max_queued_events", 16)
        self.machine.sh("kill -STOP $(cat /run/exporter.pid)")  # so that nobody takes events from the queue
        kills = self.storm()
        self.machine.sh("kill -CONT $(cat /run/exporter.pid)")
        self.check("queue of 16 events", kills)
        overflows = self.exporters("cgroup_exporter_oom_queue_overflows_total")
        self.assertGreater(overflows, 0)
        self.report(f"{overflows:.0f} overflows")

    def test_watches_run_out(self):
        self.with_inotify("max_user_watches", 10)
        self.check("10 watches", self.storm())
        watched, missing = (self.exporters(f'cgroup_exporter_oom_watches{{state="{state}"}}') for state in ("watched", "missing"))
        self.assertLessEqual(watched, 10)
        self.assertGreater(missing, 0)
        lines = self.machine.text("grep 'cannot watch all cgroups' /run/exporter.log").splitlines()
        self.assertEqual(len(lines), 1, lines)
        self.assertIn("fs.inotify.max_user_watches", lines[0])
        self.report(f"{watched:.0f} watched, {missing:.0f} not; {lines[0]}")

    def test_machine_runs_out_of_memory(self):
        constraint = lambda: sum(value for _, value in self.prometheus.query('cgroup_oom_constraint_total{constraint="none"}'))
        before, pid, limits = constraint(), self.machine.text("cat /run/exporter.pid"), self.limits()
        kills = self.storm([("host", 2, 3)])
        self.check("the machine ran out", kills)
        self.eventually_equal(constraint, before + kills, "kills that the kernel's log says were for nobody's limit")
        after = self.limits()
        self.assertEqual((after["own"], after["ancestor"]), (limits["own"], limits["ancestor"]), "kills that enforced a cgroup's limit")
        self.assertEqual(self.machine.text("cat /run/exporter.pid; kill -0 $(cat /run/exporter.pid)"), pid, "the exporter lives")
