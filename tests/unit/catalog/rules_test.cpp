// SPDX-License-Identifier: Apache-2.0
#include "catalog/rules.h"

#include <gtest/gtest.h>

#include <array>
#include <string_view>

namespace cgroup2::catalog {
namespace {

constexpr Metric good{"cgroup_cpu_usage_seconds_total",
                      Collector::cpu,
                      Type::counter,
                      Unit::microseconds,
                      key("cpu.stat", "usage_usec"),
                      "",
                      "CPU time used."};

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

TEST(Rules, RefuseTheSameFamilyOfOpenMetricsTwice) {
  Metric gauge = good;
  gauge.name = "cgroup_cpu_usage_seconds";
  gauge.type = Type::gauge;
  gauge.source = key("cpu.stat", "user_usec");
  const std::array rows{good, gauge};
  EXPECT_EQ(find_fault(rows, 1), "name repeated");
}

TEST(Rules, RefuseTheSameFieldTwice) {
  const std::array rows{good, with_name("cgroup_cpu_other_seconds_total")};
  EXPECT_EQ(find_fault(rows, 1), "field repeated");
}

TEST(Rules, RefuseAPercentageThatIsNoRatio) {
  Metric metric = good;
  metric.source = percent(key("cpu.stat", "usage_usec"));
  EXPECT_EQ(fault_of(metric), "notation");
}

TEST(Rules, RefuseNumbersAsInfo) {
  Metric metric = good;
  metric.name = "cgroup_cpu_info";
  metric.type = Type::info;
  metric.unit = Unit::none;
  EXPECT_EQ(fault_of(metric), "type");
}

TEST(Rules, AcceptTheGoodRow) { EXPECT_EQ(fault_of(good), ""); }

TEST(Rules, ShapeDecidesWhatCanBeSelected) {
  EXPECT_TRUE(fits_shape(Select::key, Shape::flat_keyed));
  EXPECT_FALSE(fits_shape(Select::key, Shape::nested_keyed));
  EXPECT_FALSE(fits_shape(Select::each, Shape::flat_keyed));
  EXPECT_FALSE(fits_shape(Select::value, Shape::space_separated));
  EXPECT_TRUE(fits_shape(Select::members, Shape::members));
  EXPECT_FALSE(fits_shape(Select::text, Shape::words));
}

}  // namespace
}  // namespace cgroup2::catalog
