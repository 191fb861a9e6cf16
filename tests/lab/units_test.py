# SPDX-License-Identifier: Apache-2.0
"""The unit tests on this kernel, where the host's is of another architecture."""

import re

from case import LabTest

# A file system without a bound on inodes, which each hard link has one of.
PREPARE = """mount -t tmpfs -o nr_inodes=0 tmp /tmp
mkdir -p "$(dirname "$(cat /lab/source.path)")" && ln -sfn /lab/source "$(cat /lab/source.path)"
ls /lab/unit"""
FOUND = re.compile(r"^\[ +(PASSED|SKIPPED) +\] (\d+) tests?", re.MULTILINE)


class UnitsTest(LabTest):
    def test_the_unit_tests_pass(self):
        if self.machine.text("test -e /lab/unit; echo $?") != "0":
            self.skipTest("the host runs them")
        counts = {"PASSED": 0, "SKIPPED": 0}
        for program in self.machine.text(PREPARE).split():
            with self.subTest(program=program):
                output = self.machine.text(f"/lab/unit/{program} --gtest_brief=1", timeout=300)
                for what, count in FOUND.findall(output):
                    counts[what] += int(count)
        self.assertGreater(counts["PASSED"], 1000)
        self.report(f"unit tests: {counts['PASSED']} passed, {counts['SKIPPED']} skipped")
