// SPDX-License-Identifier: Apache-2.0
#include "catalog/rules.h"

#include <gtest/gtest.h>

#include <array>

#include "catalog/catalog.h"
#include "catalog/memory_stat.h"

namespace cgroup2::catalog {
namespace {

constexpr Metric good{"cgroup_cpu_usage_seconds_total", Type::counter, Unit::microseconds,
                      key("cpu.stat", "usage_usec"), "CPU time used."};

Metric with_name(std::string_view name) {
  Metric metric = good;
  metric.name = name;
  return metric;
}

std::string_view fault_of(const Metric& metric) {
  const std::array rows{metric};
  return find_fault(rows, 0);
}

TEST(Rules, RefuseBadNames) {
  for (const char* name :
       {"cpu_usage_seconds_total", "cgroup_CPU_seconds_total", "cgroup__cpu_seconds_total",
        "cgroup_cpu:seconds_total", "cgroup_cpu_seconds_total_"}) {
    EXPECT_EQ(fault_of(with_name(name)), "name") << name;
  }
}

TEST(Rules, RefuseCounterWithoutTotal) {
  EXPECT_EQ(fault_of(with_name("cgroup_cpu_usage_seconds")), "suffix");
}

TEST(Rules, RefuseGaugeWithTotal) {
  Metric metric = good;
  metric.type = Type::gauge;
  EXPECT_EQ(fault_of(metric), "suffix");
}

TEST(Rules, RefuseNameWithoutItsUnit) {
  EXPECT_EQ(fault_of(with_name("cgroup_cpu_usage_total")), "unit");
}

TEST(Rules, RefuseNameWithAnotherUnit) {
  Metric metric = good;
  metric.unit = Unit::none;
  EXPECT_EQ(fault_of(metric), "unit");
}

TEST(Rules, RefuseHelpThatIsNoSentence) {
  for (const char* help : {"", "CPU time", " CPU.", "two\nlines."}) {
    Metric metric = good;
    metric.help = help;
    EXPECT_EQ(fault_of(metric), "help") << help;
  }
}

TEST(Rules, RefuseTheSameNameTwice) {
  Metric other = good;
  other.source = key("cpu.stat", "user_usec");
  const std::array rows{good, other};
  EXPECT_EQ(find_fault(rows, 1), "name repeated");
}

TEST(Rules, RefuseTheSameFieldTwice) {
  const std::array rows{good, with_name("cgroup_cpu_other_seconds_total")};
  EXPECT_EQ(find_fault(rows, 1), "field repeated");
}

TEST(Rules, AcceptTheGoodRow) { EXPECT_EQ(fault_of(good), ""); }

TEST(Rules, ShapeDecidesWhatCanBeSelected) {
  EXPECT_TRUE(fits_shape(Select::key, Shape::flat_keyed));
  EXPECT_FALSE(fits_shape(Select::key, Shape::nested_keyed));
  EXPECT_FALSE(fits_shape(Select::each, Shape::flat_keyed));
  EXPECT_FALSE(fits_shape(Select::value, Shape::space_separated));
}

TEST(Catalog, FindsCollectorsByName) {
  EXPECT_EQ(find_collector("io"), Collector::io);
  EXPECT_EQ(find_collector("IO"), std::nullopt);
  EXPECT_EQ(find_collector(""), std::nullopt);
}

TEST(Catalog, InfoBelongsToNoCollector) {
  EXPECT_EQ(collector_of(metrics[0]), std::nullopt);
  EXPECT_EQ(collector_of(metrics[1]), Collector::namespaces);
}

TEST(MemoryStat, TellsBytesFromEvents) {
  EXPECT_EQ(classify_memory_stat("anon"), KeyClass::bytes);
  EXPECT_EQ(classify_memory_stat("pgfault"), KeyClass::events);
  EXPECT_EQ(classify_memory_stat("a_key_of_the_future"), KeyClass::other);
  EXPECT_EQ(classify_memory_stat(""), KeyClass::other);
}

TEST(MemoryStat, ListsAreDisjoint) {
  for (const auto key : memory_stat_bytes)
    EXPECT_EQ(classify_memory_stat(key), KeyClass::bytes) << key;
  for (const auto key : memory_stat_events)
    EXPECT_EQ(classify_memory_stat(key), KeyClass::events) << key;
}

}  // namespace
}  // namespace cgroup2::catalog
