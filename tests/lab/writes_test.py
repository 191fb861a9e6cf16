# SPDX-License-Identifier: Apache-2.0
"""Settings that change all the time: who is told of a write, and that each scrape after one shows what the file says."""

import re
import time
import urllib.error

import sources
from case import LabTest

TREE = "writes"
ROUNDS = 12
STORM_SECONDS = 12

SETTING = re.compile(
    r"memory\.(max|high|low|min|oom\.group|swap\.(max|high)|zswap\.(max|writeback))|cpu\.(max|max\.burst|weight|idle|uclamp\.\w+|rt_\w+)|pids\.max|"
    r"hugetlb\.\w+\.(rsvd\.)?max|cgroup\.(freeze|max\.\w+|pressure)|cpuset\.(cpus|mems|cpus\.exclusive)|io\.prio\.class")

MAKE = f"""cd /sys/fs/cgroup && mkdir {TREE} && cd {TREE}
for branch in . a b c; do
  mkdir -p $branch
  for controller in $(cat $branch/cgroup.controllers); do echo +$controller >$branch/cgroup.subtree_control; done
done
mkdir a/1 a/2 b/1 b/2 b/3 c/1"""
REMOVE = f"cd /sys/fs/cgroup && rmdir {TREE}/*/*/ {TREE}/*/ {TREE}"
# Settings that the kernel does not take as it shows them, or here.
REFUSED = {"cpuset.cpus", "cpuset.mems", "cpuset.cpus.exclusive", "cpu.rt_runtime_us", "cpu.rt_period_us"}


class WritesTest(LabTest):
    @classmethod
    def setUpClass(cls):
        cls.machine.sh(MAKE)

    @classmethod
    def tearDownClass(cls):
        cls.machine.sh(REMOVE)

    def told(self, cgroup, command):
        """The files of a cgroup of the tree for which its watch got an event; the exporter itself resets peaks."""
        told = self.machine.text(f"cd /sys/fs/cgroup/{TREE} && writes watch /sys/fs/cgroup/{TREE}/{cgroup} sh -c '{command}'").split()
        return [name for name in told if not name.endswith(".peak")]

    def files(self, below=""):
        """What the settings of the tree say: (cgroup, file) -> lines."""
        files = {}
        for line in self.machine.sh(f"cd /sys/fs/cgroup && find {TREE}/{below} -type f -perm -0400 -exec grep '' /dev/null {{}} + 2>/dev/null || true").decode().splitlines():
            path, _, text = line.partition(":")
            cgroup, _, name = path.replace("//", "/").rpartition("/")
            if SETTING.fullmatch(name):
                files.setdefault(("/" + cgroup, name), []).append(text)
        return files

    def scrape(self):
        """What a poll shows that begins from now on: a scrape may get what was read a second ago, or before a poll that takes long."""
        now = time.monotonic()
        while True:
            time.sleep(0.6)
            begin = time.monotonic()
            try:
                body = self.machine.fetch().decode()
            except urllib.error.HTTPError as error:
                self.assertEqual(error.code, 503, "a poll takes longer than a scrape waits")
                continue
            age = float(re.search(r"^cgroup_exporter_snapshot_age_seconds (\S+)$", body, re.MULTILINE).group(1))
            if begin - age > now:
                return body

    def check(self, what):
        """Compares what a scrape shows of the settings with the files. Returns how many they are."""
        body = self.scrape()
        expected = sources.Expected(self.files(), {}).values
        metrics = {row.metric: row.labels for row in sources.rows() if SETTING.fullmatch(re.sub(r"\\(.)|\(\[\^\.\]\+\)", lambda found: found[1] or "x", row.file.pattern))}
        shown = {}
        for metric, labels, value in re.findall(rf'^(cgroup_\w+)\{{(cgroup="/{TREE}[/"].*)\}} (\S+)$', body, re.MULTILINE):
            if metric in metrics:
                named = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels))
                shown[metric, named["cgroup"], tuple(named.get(name, "") for name in metrics[metric])] = float(value)
        wrong = {series: (expected.get(series), shown.get(series)) for series in expected.keys() | shown.keys() if expected.get(series) != shown.get(series)}
        self.assertEqual(wrong, {}, what)
        return len(shown)

    def check_misses(self):
        misses = re.findall(r"^cgroup_exporter_cold_file_misses_total\{.*$", self.scrape() + self.scrape(), re.MULTILINE)
        self.assertEqual(misses, [], "files that changed and of which no event told")

    def test_a_write_is_told_from_any_namespace(self):
        self.machine.sh(f"mkdir /sys/fs/cgroup/{TREE}/ns /run/other")
        try:
            self.assertEqual(self.told("ns", "echo 123 >ns/pids.max"), ["pids.max"])
            inner = self.told("ns", "echo $$ >ns/cgroup.procs && exec /usr/bin/unshare -C -m sh -c "
                                    "\"mount -t cgroup2 other /run/other && echo 125 >/run/other/pids.max\"")
            self.assertIn("pids.max", inner, "another cgroup namespace and mount")
            self.assertEqual(self.machine.number(f"/{TREE}/ns/pids.max"), 125)
            # Every setting, written as it is.
            found = self.told("ns", "for file in ns/*; do cat $file >/run/value 2>/dev/null && cat /run/value >$file 2>/dev/null; done; true")
            missing = {name for _, name in self.files("ns")} - set(found)
            self.report(f"{len(found)} files told of a write; {sorted(missing)} were not, or refused it")
            self.assertEqual(missing - REFUSED, set())
        finally:
            self.machine.sh(f"rmdir /sys/fs/cgroup/{TREE}/ns /run/other")

    def test_what_is_not_told(self):
        # Why each poll reads the settings of tenants and the files of events: see unwritten.cpp and files.h.
        self.machine.sh(f"mkdir /sys/fs/cgroup/{TREE}/untold && chown 1000 /sys/fs/cgroup/{TREE}/untold")
        try:
            untold = self.told("untold", f"writes untold /sys/fs/cgroup/{TREE}/untold/pids.max 222")
            self.assertEqual(self.machine.number(f"/{TREE}/untold/pids.max"), 222)
            run = "sh -c \"echo 0 >untold/cgroup.procs; sleep 0.1\"; sleep 0.3"
            read = "cat untold/cgroup.events >/dev/null; "
            opened = self.told("untold", read + run)
            dropped = self.told("untold", read + "echo 2 >/proc/sys/vm/drop_caches; " + run)
            self.report(f"told of io_submit(2): {untold}; of cgroup.events, dropped from the cache: {dropped}, in it: {opened}")
            self.assertIn("cgroup.events", opened)
        finally:
            self.machine.sh(f"rmdir /sys/fs/cgroup/{TREE}/untold")

    def test_each_scrape_after_a_write_shows_it(self):
        values = 0
        for seed in range(ROUNDS):
            self.machine.sh(f"writes limits /sys/fs/cgroup/{TREE} {seed}")
            values += self.check(f"round {seed}")
        self.report(f"{values} values after {ROUNDS} rounds of writes, all of them right at once")
        self.assertGreater(values, 50 * ROUNDS)
        self.check_misses()

    def test_a_storm_of_writes_leaves_nothing_wrong(self):
        self.machine.sh(f"setsid writes forever /sys/fs/cgroup/{TREE} >/dev/null 2>&1 & echo $! >/run/writer")
        try:
            deadline = time.monotonic() + STORM_SECONDS
            while time.monotonic() < deadline:
                self.scrape()
        finally:
            self.machine.sh("kill $(cat /run/writer)")
        self.check("after the storm")
        self.check_misses()

    def test_a_tenant_cannot_keep_a_false_limit(self):
        self.machine.sh(f"chown 1000 /sys/fs/cgroup/{TREE}/c /sys/fs/cgroup/{TREE}/c/1")
        self.check("before")
        for limit in (301, 302, 303):
            self.machine.sh(f"writes untold /sys/fs/cgroup/{TREE}/c/1/pids.max {limit}; writes untold /sys/fs/cgroup/{TREE}/c/pids.max {limit + 10}")
            self.check(f"the tenant's {limit}")
        self.check_misses()
