# SPDX-License-Identifier: Apache-2.0
"""What appears where: the families that the root cgroup, or others, have on each kernel. UPDATE=1 writes the lists anew.

The ledger of OOM kills and starts, and recent peaks, have families by what happened, and not by the kernel."""

import collections
import os
import pathlib
import re

from case import LabTest

# Kinds of cgroups of which the set lean shows most: identity::is_whole_workload().
WORKLOADS = {"container", "pod", "sandbox", "kata-sandbox", "vm", "job"}
LISTS = pathlib.Path(__file__).resolve().parent / "families"


class FamiliesTest(LabTest):
    def test_the_families_are_those_of_the_list(self):
        places = {}
        for family, cgroup in re.findall(r'^(cgroup_(?!exporter_|oom_|container_starts_|memory_(?:swap_)?recent_)\w+)\{cgroup="([^"]*)"', self.machine.fetch().decode(), re.MULTILINE):
            places.setdefault(family, set()).add("root" if cgroup == "/" else "below")
        found = "".join(f"{family} {'both' if len(where) == 2 else where.pop()}\n" for family, where in sorted(places.items()))
        if "cloud" not in self.machine.text("uname -r"):  # Debian's kernels for clouds have no zswap before 7
            found = re.sub(r"(?m)^cgroup_memory_zswap_.*\n", "", found)
        golden = LISTS / f"{self.machine.version}.txt"
        if os.environ.get("UPDATE"):
            golden.write_text(found)
        self.assertEqual(found, golden.read_text())
        self.report(f"{len(places)} families")

    def test_by_default_a_container_has_sixty_series_and_another_cgroup_forty_at_most(self):
        """With one device. One more is of the owner, and eight are of the container's network namespace, if it has one."""
        workloads, series = set(), collections.defaultdict(set)
        for family, text in re.findall(r"^(cgroup_(?!oom_|container_starts_|network_)\w+)\{(.*)\} ", self.machine.text("cgroup2_exporter --once"), re.MULTILINE):
            labels = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', text))
            series[labels["cgroup"]].add((family, labels.get("type"), labels.get("event")))
            if family == "cgroup_info" and labels["kind"] in WORKLOADS and "subpath" not in labels:
                workloads.add(labels["cgroup"])
        most = lambda cgroups: max((len(series[cgroup]), cgroup) for cgroup in cgroups)
        of_workload, of_other = most(workloads), most(series.keys() - workloads)
        self.report(f"by default at most {of_workload[0]} series of a workload, {of_other[0]} of another cgroup")
        self.assertLessEqual(of_workload[0] + 1 + 8, 60, of_workload)
        self.assertLessEqual(of_other[0] + 1, 40, of_other)
