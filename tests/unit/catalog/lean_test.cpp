// SPDX-License-Identifier: Apache-2.0
#include "catalog/lean.h"

#include <gtest/gtest.h>

#include <string_view>

#include "catalog/cadvisor.h"

namespace cgroup2::catalog {
namespace {

const Metric& row(std::string_view name) { return metrics.at(metric_index(name)); }

TEST(Lean, OfAFamilyWithKeysOnlySomeAreShown) {
  EXPECT_EQ(lean_of(row("cgroup_memory_stat_bytes"), "anon"), Lean::everywhere);
  EXPECT_EQ(lean_of(row("cgroup_memory_stat_bytes"), "file_mapped"), Lean::workloads);
  EXPECT_EQ(lean_of(row("cgroup_memory_stat_bytes"), "percpu"), Lean::nowhere);
  EXPECT_EQ(lean_of(row("cgroup_memory_events_local_total"), "low"), Lean::nowhere);
}

TEST(Lean, OfAFamilyWithoutListedKeysAllAreShown) {
  EXPECT_EQ(lean_of(row("cgroup_io_read_bytes_total"), "sda"), Lean::everywhere);
  EXPECT_EQ(lean_of(row("cgroup_memory_swap_events_total"), "max"), Lean::nowhere);
}

TEST(Lean, AllThatTheNamesOfCadvisorAreMadeOfIsRead) {
  for (const CadvisorRow& cadvisor : cadvisor_rows) {
    if (cadvisor.source.metric == metric_count) continue;
    const std::size_t metric = cadvisor.source.metric;
    EXPECT_TRUE(is_read_in_lean(metric)) << cadvisor.name;
    EXPECT_TRUE(is_read_in_lean(metric, cadvisor.source.key)) << cadvisor.name;
    const std::size_t where = cadvisor.source.where;
    EXPECT_TRUE(where == metric_count || is_read_in_lean(where)) << cadvisor.name;
  }
  // Those that make the root's usage.
  const std::size_t stat = metric_index("cgroup_memory_stat_bytes");
  for (const std::string_view key : {"anon", "file", "inactive_file"})
    EXPECT_TRUE(is_read_in_lean(stat, key)) << key;
}

TEST(Lean, WhatNobodyNeedsIsNotRead) {
  EXPECT_FALSE(is_read_in_lean(metric_index("cgroup_populated")));
  EXPECT_FALSE(is_read_in_lean(metric_index("cgroup_memory_stat_other")));
  EXPECT_FALSE(is_read_in_lean(metric_index("cgroup_memory_stat_bytes"), "percpu"));
  EXPECT_FALSE(is_read_in_lean(metric_index("cgroup_memory_stat_other"), "of_the_future"));
}

TEST(Lean, NoMetricOfTheOOMKillerIsMissing) {
  for (const Metric& metric : metrics) {
    EXPECT_TRUE(metric.collector != Collector::oom || metric.lean == Lean::everywhere)
        << metric.name;
  }
}

// Counts the series of a cgroup that has every file, every limit and one device, and whose owner
// was not killed.
std::size_t count_series(Lean least, bool has_network) {
  std::size_t count = 0;
  for (const Metric& metric : metrics) {
    const bool is_of_kill = metric.source.select == Select::ledger &&
                            metric.source.ledger != LedgerValue::kills &&
                            metric.source.ledger != LedgerValue::starts;
    const bool is_of_network = metric.source.select == Select::network;
    if (metric.lean < least || is_of_kill || (is_of_network && !has_network)) continue;
    if (metric.lean_keys.empty()) ++count;
    for (const LeanKey& key : metric.lean_keys) count += key.lean >= least ? 1 : 0;
  }
  return count;
}

TEST(Lean, AContainerHasSixtySeriesAtMost) {
  EXPECT_LE(count_series(Lean::workloads, true), 60U);
  EXPECT_GT(count_series(Lean::workloads, true), 50U) << "it is counted";
}

TEST(Lean, AnotherCgroupHasFortySeriesAtMost) {
  EXPECT_LE(count_series(Lean::parents, false), 40U);
  EXPECT_GT(count_series(Lean::parents, false), 30U) << "it is counted";
}

}  // namespace
}  // namespace cgroup2::catalog
