# SPDX-License-Identifier: Apache-2.0
"""Limits and resting values of every cgroup, compared with the kernel's files."""

import re

from case import BARE_CGROUP, DOCKER_CGROUP, POD_CGROUP, LabTest


def cores(text):
    quota, period = text.split()
    return None if quota == "max" else int(quota) / int(period)


def number(text):
    return None if text == "max" else int(text)


class LimitsTest(LabTest):
    def files(self, name):
        """cgroup -> content of the file of that name, for all cgroups that have it."""
        show = 'while read -r file; do echo "$file $(cat "$file")"; done'
        listing = self.machine.text(f"cd /sys/fs/cgroup; find . -name {name} | {show}")
        return {m[1]: m[2] for m in re.finditer(rf"^\.(/.*)/{re.escape(name)} (.*)$", listing, re.MULTILINE)}

    def test_limits_are_exactly_those_that_are_set(self):
        limits = (
            ("cgroup_memory_limit_bytes", "memory.max", number),
            ("cgroup_pids_limit", "pids.max", number),
            ("cgroup_cpu_limit_cores", "cpu.max", cores),
        )
        for metric, file, parse in limits:
            with self.subTest(metric=metric):
                kernel = {cgroup: parse(text) for cgroup, text in self.files(file).items()}
                expected = {cgroup: limit for cgroup, limit in kernel.items() if limit is not None}
                self.assertGreaterEqual(len(expected), 5)
                self.eventually_equal(lambda: self.values(metric), expected, metric)
                self.report(f"{metric}: {len(expected)} of {len(kernel)} cgroups have one, all equal")

    def test_limits_are_those_of_the_bundles(self):
        self.assertEqual(self.value("cgroup_memory_limit_bytes", BARE_CGROUP), 25165824)
        self.assertEqual(self.value("cgroup_pids_limit", DOCKER_CGROUP), 24)
        self.assertEqual(self.value("cgroup_cpu_limit_cores", DOCKER_CGROUP), 0.2)

    def test_the_smallest_limit_on_the_path_is_the_effective_one(self):
        self.assertEqual(self.value("cgroup_memory_limit_bytes", DOCKER_CGROUP), 67108864)
        self.assertEqual(self.value("cgroup_memory_effective_limit_bytes", DOCKER_CGROUP), 50331648, "the parent's is smaller")
        self.assertEqual(self.value("cgroup_memory_effective_limit_bytes", BARE_CGROUP), 25165824)
        ram = int(self.machine.text("sed -n 's/^MemTotal: *\\([0-9]*\\) kB/\\1/p' /proc/meminfo")) * 1024
        self.assertEqual(self.value("cgroup_memory_effective_limit_bytes", "/unknown/x"), ram, "without a limit it is the RAM")

    def test_the_smallest_quota_on_the_path_is_the_effective_one(self):
        limits = {cgroup: cores(text) for cgroup, text in self.files("cpu.max").items()}
        cpus = int(self.machine.text("nproc"))
        for cgroup in (DOCKER_CGROUP, BARE_CGROUP, "/unknown/x"):
            parts = cgroup.strip("/").split("/")
            on_path = [limits.get("/" + "/".join(parts[:end])) for end in range(1, len(parts) + 1)]
            expected = min([cpus, *(limit for limit in on_path if limit is not None)])
            self.assertEqual(self.value("cgroup_cpu_effective_limit_cores", cgroup), expected, cgroup)

    def test_gauges_at_rest_equal_the_files(self):
        gauges = (("cgroup_memory_usage_bytes", "memory.current", 1 << 20), ("cgroup_pids", "pids.current", 0))
        for metric, file, tolerance in gauges:
            for cgroup in (DOCKER_CGROUP, BARE_CGROUP, POD_CGROUP, "/unknown/x", "/hand"):
                with self.subTest(metric=metric, cgroup=cgroup):
                    kernel = lambda: self.machine.number(f"{cgroup}/{file}")
                    near = lambda value: value is not None and abs(value - kernel()) <= tolerance
                    self.eventually(lambda: self.value(metric, cgroup), near, metric)
