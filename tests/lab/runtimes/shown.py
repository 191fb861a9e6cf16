# SPDX-License-Identifier: Apache-2.0
"""Tests of one exposition that another exporter than the machine's own printed."""

import re

from runtime_case import RuntimeTest


class Shown(RuntimeTest):
    exposition = ""  # set by setUpClass

    def labels(self, metric, cgroup):
        """The labels of the metric's one series of this cgroup; None if it has none."""
        found = re.findall(rf'^{metric}\{{(cgroup="{re.escape(cgroup)}".*)\}} ', self.exposition, re.MULTILINE)
        self.assertLessEqual(len(found), 1, found)
        return dict(re.findall(r'(\w+)="([^"]*)"', found[0])) if found else None
