# SPDX-License-Identifier: Apache-2.0
"""What happens between two scrapes: spikes of memory that no sample of the usage shows, seen by every scraper.

The stage sets memory.peak_window to 12 s, a fifth of the default, and scrapers and spikes here come five times as often too: each 3 s and
12 s, a spike each 4 s."""

import re
import threading
import time

from case import LabTest

WINDOW = 12
LIMIT = 128 << 20
SPIKES = (0.5, 0.55, 0.6, 0.65, 0.7, 0.8)  # of the limit: each is the highest so far
OLD = ("5.10", "6.1")  # a write to memory.peak is refused there
CGROUP = "/peaks"
DIRECTORY = f"/sys/fs/cgroup{CGROUP}"
PRICED = 200


class PeaksTest(LabTest):
    def setUp(self):
        # A new cgroup would have been nothing before: its whole life is known.
        self.machine.sh(f"mkdir {DIRECTORY} && echo {LIMIT} >{DIRECTORY}/memory.max && peaks spike {DIRECTORY} {int(0.45 * LIMIT)} 0")
        self.addCleanup(lambda: self.machine.sh(f"rmdir {DIRECTORY}"))

    def of_cgroup(self, metric, body):
        found = re.search(rf'^{metric}\{{cgroup="{CGROUP}"\}} (\S+)$', body, re.MULTILINE)
        return float(found.group(1)) if found else None

    def own(self, state):
        return float(re.search(rf'^cgroup_exporter_memory_recent_peaks\{{state="{state}"\}} (\S+)$', self.machine.fetch().decode(), re.MULTILINE).group(1))

    def spike(self, share):
        """Ends when the memory is free again."""
        self.machine.sh(f"peaks spike {DIRECTORY} {int(share * LIMIT)} 100")

    def scrape(self):
        body = self.machine.fetch().decode()
        return self.of_cgroup("cgroup_memory_recent_peak_bytes", body), self.of_cgroup("cgroup_memory_usage_bytes", body)

    def assert_is(self, value, share, what):
        self.assertIsNotNone(value, what)
        self.assertLess(abs(value / (share * LIMIT) - 1), 0.02, f"{what}: {value / LIMIT:.3f} of the limit, not {share}")

    def run_beside(self, script):
        """Runs a script in the machine meanwhile; the function that is returned waits for what it prints."""
        output = []
        thread = threading.Thread(target=lambda: output.append(self.machine.text(script)))
        thread.start()

        def wait():
            thread.join()
            return [int(word) for word in output[0].split()]
        return wait

    def test_spikes_are_seen_by_every_scraper(self):
        if self.machine.version in OLD:
            self.skipTest("a reset is refused")
        self.eventually(lambda: self.own("reset"), lambda count: count > 10, "cgroups whose peaks are reset")
        self.eventually(lambda: self.scrape()[0], bool, "the cgroup is watched")
        lasts = 4 * len(SPIKES) + 10
        ever = self.run_beside(f"peaks hold {DIRECTORY}/memory.peak 0 {lasts}")
        resetting = self.run_beside(f"peaks hold {DIRECTORY}/memory.peak 1 {lasts}")
        # Its reset would drop a spike that is not read yet.
        self.eventually(lambda: self.machine.text("pidof peaks | wc -w"), lambda count: count == "2", "two other readers")
        time.sleep(1.2)  # also poll.min_interval
        usages, errors = [], []
        for number, share in enumerate(SPIKES):
            begin = time.monotonic()
            self.spike(share)
            time.sleep(1.2)
            scrapers = ("each 3 s", "each 12 s") if number % 3 == 2 else ("each 3 s",)
            for scraper in scrapers:
                value, usage = self.scrape()
                usages.append(usage)
                self.assert_is(value, share, f"spike {number}, scraped {scraper}")
                errors.append(abs(value / (share * LIMIT) - 1))
            time.sleep(max(0.0, 4 - (time.monotonic() - begin)))
        self.assertLess(max(usages), 0.1 * LIMIT, "the samples of the usage show it, too")
        self.report(f"spikes of {SPIKES[0]:.0%} to {SPIKES[-1]:.0%} of the limit are off by {max(errors):.2%} at most; the usage was {max(usages) / LIMIT:.1%} at most")
        before, after = ever()
        self.assert_is(before, 0.45, "another reader, at first")
        self.assert_is(after, SPIKES[-1], "another reader, at last")
        self.report(f"another reader's memory.peak: {before / LIMIT:.0%}, then {after / LIMIT:.0%} of the limit; "
                    f"one that had reset its own: {resetting()[1] / LIMIT:.0%}")
        time.sleep(WINDOW * 1.25 + 2)
        value, _ = self.scrape()
        self.assertLess(value, 0.1 * LIMIT, "after the window")

    def test_without_the_right_to_write_a_peak_is_shown_while_it_grows(self):
        if self.machine.version not in OLD:
            self.skipTest("the exporter resets")
        self.assertEqual(self.own("reset"), 0)
        self.assertIn("memory.peak cannot be reset", self.machine.text("cat /run/exporter.log"))
        if self.machine.version == "5.10":  # it has no memory.peak
            self.assertEqual(self.own("grown"), 0)
            return
        self.scrape()
        told = self.run_beside(f"for each in {DIRECTORY} /sys/fs/cgroup/system.slice/cgroup2_exporter.service; do writes watch $each sleep 5; done | grep -c peak || true")
        self.spike(0.8)
        time.sleep(1.2)
        value, usage = self.scrape()
        self.assert_is(value, 0.8, "the highest of all time, which has grown")
        self.assertLess(usage, 0.1 * LIMIT)
        time.sleep(WINDOW * 1.5 + 2)
        self.spike(0.7)
        time.sleep(1.2)
        self.assertIsNone(self.scrape()[0], "lower than the highest of all time: not known")
        self.assertEqual(told(), [0], "writes to memory.peak")

    def test_the_price_of_a_cgroup(self):
        """The figures of docs/PERFORMANCE.md."""
        if self.machine.version in OLD:
            self.skipTest("a reset is refused")
        root = f"{DIRECTORY}.price"
        self.machine.sh(f"mkdir {root} && echo +memory >{root}/cgroup.subtree_control && mkdir {root}/own && "
                        f"i=0; while [ $i -lt {PRICED} ]; do mkdir {root}/$i; i=$((i + 1)); done", timeout=120)
        self.addCleanup(lambda: self.machine.sh(f"sleep 0.5; rmdir {root}/*/ {root}", timeout=120))
        count = self.eventually(lambda: self.own("reset"), lambda count: count > PRICED, "cgroups whose peaks are reset", seconds=30)
        self.report(self.machine.text(f"peaks price {root} {PRICED}", timeout=120))
        time.sleep(1.2)
        duration = re.search(r'^cgroup_exporter_collector_duration_seconds\{collector="memory_recent_peak"\} (\S+)$', self.machine.fetch().decode(), re.MULTILINE)
        self.report(f"a poll of {count:.0f} cgroups: {float(duration.group(1)) / count * 1e6:.0f} us each, emulated")
