# SPDX-License-Identifier: Apache-2.0
"""What the exporter takes on a real kernel, and what it does where there are more cgroups and processes than anybody expects."""

import re
import time

from case import LabTest

ROOT = "/sys/fs/cgroup/cost"
OWN = "/sys/fs/cgroup/system.slice/cgroup2_exporter.service"
ALL = f"$(cat {ROOT}/cgroup.controllers)"


class CostTest(LabTest):
    def setUp(self):
        self.machine.sh(f"mkdir {ROOT}")
        self.addCleanup(lambda: self.machine.sh(f"find {ROOT} -depth -type d -exec rmdir {{}} ';'", timeout=120))

    def enable(self, controllers):
        self.machine.sh(f"for controller in {controllers}; do echo +$controller >{ROOT}/cgroup.subtree_control; done")

    def own(self, metric, **labels):
        """Of a scrape of our own: Prometheus gives up on one that takes an emulated machine too long."""
        block = ",".join(f'{name}="{value}"' for name, value in labels.items())
        name = f"{metric}{{{block}}}" if block else metric
        found = re.search(rf"^{re.escape(name)} (\S+)$", self.machine.fetch().decode(), re.MULTILINE)
        return float(found.group(1)) if found else None

    def exported(self):
        return self.own("cgroup_exporter_cgroups", state="exported")

    def alive(self):
        """The exporter answers, with all it knows."""
        self.assertIn(b"cgroup_exporter_build_info", self.machine.fetch())
        self.assertEqual(self.machine.text("cat /run/exporter.status 2>/dev/null || true"), "")

    def test_300_cgroups_in_the_default_configuration_take_less_than_48_MiB(self):
        """Everything that is charged to it, kernel memory of descriptors too."""
        self.enable(ALL)
        self.machine.sh(f"i=0; while [ $i -lt 280 ]; do mkdir {ROOT}/$i; i=$((i + 1)); done", timeout=120)
        self.eventually(self.exported, lambda count: count and count >= 300, "cgroups", seconds=60)
        for _ in range(10):
            self.machine.fetch()
            time.sleep(1)
        current = int(self.machine.text(f"cat {OWN}/memory.current"))
        stat = dict(line.split() for line in self.machine.text(f"cat {OWN}/memory.stat").splitlines())
        parts = ", ".join(f"{key} {int(stat[key]) / 2**20:.1f}" for key in ("anon", "file", "kernel", "slab", "sock") if key in stat)
        peak = self.machine.text(f"cat {OWN}/memory.peak 2>/dev/null || echo 0")
        self.report(f"{self.exported():.0f} cgroups, {self.own('process_open_fds'):.0f} descriptors: memory.current {current / 2**20:.1f} MiB ({parts}), peak {int(peak) / 2**20:.1f} MiB")
        self.assertLess(current, 48 << 20)

    def test_10000_cgroups_that_come_and_go_leave_nothing_behind(self):
        before = self.eventually(lambda: self.own("process_open_fds"), bool, "descriptors")
        self.enable("memory")
        began = time.monotonic()
        made = int(self.machine.text(f"load churn {ROOT} 10000", timeout=120))
        self.report(f"{made} cgroups made and removed in {time.monotonic() - began:.0f} s")
        self.assertGreater(made, 1000, "as many as an emulated machine can; tests/service makes 10,000")
        self.alive()
        self.eventually(lambda: self.own("process_open_fds"), lambda count: count <= before + 20, "descriptors afterwards", seconds=60)
        watched = lambda: self.own("cgroup_exporter_oom_watches", state="watched")
        self.eventually(watched, lambda count: count <= self.exported(), "watches afterwards", seconds=60)
        resident = self.own("process_resident_memory_bytes")
        self.report(f"afterwards: {self.own('process_open_fds'):.0f} descriptors, {watched():.0f} watches, {resident / 2**20:.0f} MiB resident, "
                    f"{self.own('cgroup_exporter_oom_queue_overflows_total'):.0f} overflows of the queue")
        self.assertLess(resident, 64 << 20)

    def test_100_levels_are_100_cgroups(self):
        self.enable("memory pids")
        path = "/cost" + "/a" * 100
        self.machine.sh(f"""cd {ROOT}
        level=0
        while [ $level -lt 100 ]; do
          mkdir a && cd a && echo '+memory +pids' >cgroup.subtree_control || exit 1
          level=$((level + 1))
        done
        echo 33554432 >{ROOT}/a/memory.max""", timeout=60)
        limit = lambda: self.own("cgroup_memory_effective_limit_bytes", cgroup=path)
        self.eventually_equal(limit, 33554432, "the limit of the first one, at the last one", seconds=30)

    def test_a_crowd_of_processes_costs_no_more_than_a_few(self):
        duration = lambda: self.own("cgroup_exporter_collector_duration_seconds", collector="namespaces")
        self.enable("pids")
        self.machine.sh(f"mkdir {ROOT}/crowd; (exec </dev/null >/run/crowd 2>&1 && exec load crowd {ROOT}/crowd 1500) & "
                        "until grep -q ready /run/crowd; do sleep 1; done", timeout=120)
        self.addCleanup(lambda: self.machine.sh(f"echo 1 >{ROOT}/crowd/cgroup.kill; until grep -q 'populated 0' {ROOT}/crowd/cgroup.events; do sleep 1; done", timeout=60))
        self.eventually_equal(lambda: self.own("cgroup_pids", cgroup="/cost/crowd"), 1500, "processes", seconds=30)
        self.eventually(lambda: b'cgroup_namespace_info{cgroup="/cost/crowd",' in self.machine.fetch(), bool, "their namespaces", seconds=30)
        self.report(f"1,500 processes: cgroup.procs has {int(self.machine.text(f'wc -c <{ROOT}/crowd/cgroup.procs'))} bytes, identity takes {duration() * 1000:.1f} ms")
        self.alive()

    def test_reading_in_passes_takes_no_longer_than_by_cgroup(self):
        """The figures of docs/PERFORMANCE.md."""
        self.enable(ALL)
        found = self.machine.text(f"load cost {ROOT} 100", timeout=120)
        self.machine.sh("sleep 1")  # its processes end with it
        for line in found.splitlines():
            self.report(line)
        self.assertTrue(re.match(r"passes [\d.]+ ms, by cgroup [\d.]+ ms", found), found)
