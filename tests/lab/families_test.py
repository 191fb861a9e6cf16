# SPDX-License-Identifier: Apache-2.0
"""What appears where: the families that the root cgroup, or others, have on each kernel. UPDATE=1 writes the lists anew.

The ledger of OOM kills has families by what happened, and not by the kernel."""

import os
import pathlib
import re

from case import LabTest

LISTS = pathlib.Path(__file__).resolve().parent / "families"


class FamiliesTest(LabTest):
    def test_the_families_are_those_of_the_list(self):
        places = {}
        for family, cgroup in re.findall(r'^(cgroup_(?!exporter_|oom_)\w+)\{cgroup="([^"]*)"', self.machine.fetch().decode(), re.MULTILINE):
            places.setdefault(family, set()).add("root" if cgroup == "/" else "below")
        found = "".join(f"{family} {'both' if len(where) == 2 else where.pop()}\n" for family, where in sorted(places.items()))
        golden = LISTS / f"{self.machine.kernel}.txt"
        if os.environ.get("UPDATE"):
            golden.write_text(found)
        self.assertEqual(found, golden.read_text())
        self.report(f"{len(places)} families")
