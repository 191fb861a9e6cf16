#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests choice.py on pages that are wrong, and on the real ones with one metric less in lean."""

import unittest

import choice

METRICS = """
## pids

pids.*: tasks. On by default; 2 series per cgroup.

| metric | type | unit | more labels | source | since | lean | meaning |
|---|---|---|---|---|---|---|---|
| `cgroup_pids` | gauge |  |  | `pids.current` |  | all | Tasks. |
| `cgroup_pids_peak` | gauge |  |  | `pids.peak` | 6.1 |  | Most tasks. |

## memory_stat

memory.stat. On by default.

| metric | type | unit | more labels | source | since | lean | meaning |
|---|---|---|---|---|---|---|---|
| `cgroup_memory_stat_bytes` | gauge | bytes | type | `memory.stat` {type}, keys that are bytes |  | all: anon, file; workloads: file_mapped | Memory. |

## rdma

rdma. Off by default; 1 series.

| metric | type | unit | more labels | source | since | lean | meaning |
|---|---|---|---|---|---|---|---|
| `cgroup_rdma_usage` | gauge |  | device | `rdma.current` {device} |  |  | Handles. |
"""
KNOWN = choice.families(METRICS)
CHOICE = """
| `cgroup_pids` | all | alerts |
| `cgroup_pids_peak` | | rare |
| `cgroup_memory_stat_bytes` | all: anon, file; workloads: file_mapped | dashboards |
"""


def of_query(query, page=""):
    return list(choice.faults_of_query(query, KNOWN, page))


class Choice(unittest.TestCase):
    def test_families_are_read(self):
        self.assertEqual(KNOWN["cgroup_pids"], ("pids", True, "all"))
        self.assertEqual(KNOWN["cgroup_pids_peak"], ("pids", True, ""))
        self.assertEqual(KNOWN["cgroup_rdma_usage"], ("rdma", False, ""))
        self.assertEqual(KNOWN["cgroup_memory_stat_bytes"].keys, {"anon", "file", "file_mapped"})

    def test_the_table_is_compared_with_the_catalog(self):
        self.assertEqual(list(choice.faults_of_choice(CHOICE, KNOWN)), [])
        self.assertEqual(list(choice.faults_of_choice(CHOICE.replace("| `cgroup_pids` | all | alerts |\n", ""), KNOWN)), ["cgroup_pids is missing"])
        self.assertEqual(list(choice.faults_of_choice(CHOICE + "| `cgroup_pids` | all | x |\n", KNOWN)), ["cgroup_pids stands there twice"])
        self.assertEqual(list(choice.faults_of_choice(CHOICE + "| `cgroup_rdma_usage` | | x |\n", KNOWN)), ["cgroup_rdma_usage is not on by default"])
        self.assertEqual(list(choice.faults_of_choice(CHOICE.replace("pids` | all", "pids` | workloads"), KNOWN)),
                         ['cgroup_pids: "workloads", but the catalog has "all"'])

    def test_a_query_may_use_what_is_in_lean(self):
        for query in ["cgroup_pids", 'cgroup_memory_stat_bytes{type="anon"}', 'cgroup_memory_stat_bytes{type=~"anon|file(_mapped)?"}', "sum(up)",
                      'cgroup_memory_stat_bytes{type=~"file.*"}']:
            self.assertEqual(of_query(query), [], query)

    def test_a_query_may_not_use_anything_else(self):
        self.assertEqual(of_query("rate(cgroup_pids_peak[5m])"), ["cgroup_pids_peak is not in lean"])
        self.assertEqual(of_query("cgroup_rdma_usage"), ["cgroup_rdma_usage is not in lean"])
        self.assertEqual(of_query('cgroup_memory_stat_bytes{type="percpu"}'), ["cgroup_memory_stat_bytes has not all of percpu in lean"])
        self.assertEqual(of_query('cgroup_memory_stat_bytes{type=~"anon|percpu"}'), ["cgroup_memory_stat_bytes has not all of anon|percpu in lean"])

    def test_unless_the_page_names_the_switch(self):
        self.assertEqual(of_query("cgroup_pids_peak", "switch on `--collector.pids`"), [])
        self.assertEqual(of_query("cgroup_pids_peak", "with --collectors=standard"), [])
        self.assertEqual(of_query("cgroup_pids_peak", "--collector.io"), ["cgroup_pids_peak is not in lean"])
        self.assertEqual(list(choice.faults_of_prose("`cgroup_pids_peak` and `cgroup_pids`", KNOWN)), ["cgroup_pids_peak is not in lean"])
        self.assertEqual(list(choice.faults_of_prose("`cgroup_pids_peak` (`--collector.pids`)", KNOWN)), [])

    def test_what_is_shipped_would_miss_a_metric_or_a_key_that_falls_out(self):
        known = choice.families((choice.TOP / "docs/METRICS.md").read_text())
        self.assertEqual(list(choice.faults(known)), [])
        self.assertNotEqual(list(choice.faults(known | {"cgroup_pids": known["cgroup_pids"]._replace(lean="")})), [])
        for name in ("cgroup_memory_stat_bytes", "cgroup_memory_stat_events_total", "cgroup_memory_events_local_total"):
            self.assertNotEqual(list(choice.faults(known | {name: known[name]._replace(lean="all: none")})), [], name)


if __name__ == "__main__":
    unittest.main()
