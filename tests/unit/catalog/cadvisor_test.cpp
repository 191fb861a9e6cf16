// SPDX-License-Identifier: Apache-2.0
#include "catalog/cadvisor.h"

#include <gtest/gtest.h>

#include <vector>

namespace cgroup2::catalog {
namespace {

constexpr auto usage = native("cgroup_memory_usage_bytes");
constexpr auto ticks = native("cgroup_cpu_usage_seconds_total");
constexpr auto stat = native("cgroup_memory_stat_bytes", "anon");

TEST(CadvisorRows, AreSortedAndOfOneTypeInAFamily) {
  using Rows = std::vector<CadvisorRow>;
  EXPECT_TRUE(are_families(
      Rows{gauge("container_a", usage, "All."), gauge("container_b", usage, "Both.")}));
  EXPECT_TRUE(
      are_families(Rows{counter("container_a", ticks, "All."), counter("container_a", ticks, "")}));
  EXPECT_FALSE(are_families(
      Rows{gauge("container_b", usage, "Both."), gauge("container_a", usage, "All.")}));
  EXPECT_FALSE(
      are_families(Rows{counter("container_a", ticks, "All."), gauge("container_a", ticks, "")}));
  EXPECT_FALSE(
      are_families(Rows{gauge("container_a", usage, "All."), gauge("container_a", usage, "Both.")}))
      << "one help for a family";
  EXPECT_FALSE(are_families(Rows{gauge("container_a", usage, "")})) << "without a help";
}

TEST(CadvisorRow, CountsOnlyWhatTheNativeMetricCounts) {
  EXPECT_TRUE(fits_native(counter("container_a", ticks, "All.")));
  EXPECT_TRUE(fits_native(gauge("container_a", ticks, "All.")));
  EXPECT_FALSE(fits_native(counter("container_a", usage, "All.")));
}

TEST(CadvisorRow, TakesTheLabelsOfTheNativeMetric) {
  EXPECT_TRUE(fits_native(gauge("container_a", stat, "All.")));
  EXPECT_FALSE(fits_native(gauge("container_a", native("cgroup_memory_stat_bytes"), "All.")));
  EXPECT_FALSE(
      fits_native(gauge("container_a", native("cgroup_memory_usage_bytes", "anon"), "All.")));
  const auto device = native("cgroup_io_reads_total");
  EXPECT_TRUE(fits_native(counter("container_a", by_device(device), "All.")));
  EXPECT_FALSE(fits_native(counter("container_a", device, "All.")));
  const auto event = native("cgroup_hugetlb_events_total", "max");
  EXPECT_TRUE(fits_native(counter("container_a", by("pagesize", event), "All.")));
  EXPECT_FALSE(fits_native(counter("container_a", event, "All.")));
}

TEST(CadvisorRow, TakesAKeyThatTheNativeMetricHas) {
  EXPECT_FALSE(
      fits_native(gauge("container_a", native("cgroup_memory_stat_bytes", "pgfault"), "All.")));
  EXPECT_FALSE(
      fits_native(gauge("container_a", native("cgroup_memory_stat_bytes", "rss"), "All.")));
}

TEST(CadvisorRow, HasAQuotaOfCoresAndNothingElseOfFractions) {
  const auto cores = native("cgroup_cpu_limit_cores");
  EXPECT_TRUE(fits_native(gauge("container_a", made_as(CadvisorValue::cpu_quota, cores), "All.")));
  EXPECT_FALSE(fits_native(gauge("container_a", cores, "All.")));
  EXPECT_FALSE(fits_native(gauge("container_a", made_as(CadvisorValue::cpu_quota, usage), "All.")));
}

TEST(CadvisorRow, HasKillsOfTheLedgerAndNothingElseOfIt) {
  const auto ledger = native("cgroup_oom_kills_total");
  EXPECT_TRUE(
      fits_native(counter("container_a", made_as(CadvisorValue::oom_kills, ledger), "All.")));
  EXPECT_FALSE(fits_native(counter("container_a", ledger, "All.")));
  EXPECT_FALSE(
      fits_native(counter("container_a", made_as(CadvisorValue::oom_kills, ticks), "All.")));
}

TEST(CadvisorRow, NeedsANativeMetricUnlessItsValueHasNone) {
  EXPECT_TRUE(fits_native(gauge("container_a", made_as(CadvisorValue::last_seen), "All.")));
  EXPECT_TRUE(fits_native(gauge("container_a", made_as(CadvisorValue::zero), "All.")));
  EXPECT_FALSE(fits_native(gauge("container_a", made_as(CadvisorValue::native), "All.")));
}

TEST(CadvisorLabel, StandsInAlphabeticalOrder) {
  EXPECT_EQ(place_of("cpu"), 0U);
  EXPECT_EQ(place_of("failure_type"), 0U);
  EXPECT_EQ(place_of("interface"), 1U);
  EXPECT_EQ(place_of("operation"), 2U);
  EXPECT_EQ(place_of("pagesize"), 2U);
  EXPECT_EQ(place_of("scope"), 3U);
}

}  // namespace
}  // namespace cgroup2::catalog
