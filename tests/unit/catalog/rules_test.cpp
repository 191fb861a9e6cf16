// SPDX-License-Identifier: Apache-2.0
#include "catalog/rules.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string_view>

namespace cgroup2::catalog {
namespace {

constexpr auto known_files = std::to_array<File>({
    {.name = "cpu.stat", .shape = Shape::flat_keyed},
    {.name = "cpu.max", .shape = Shape::space_separated},
    {.name = "hugetlb.*.numa_stat", .shape = Shape::members, .star_label = "size"},
});

constexpr Metric good{.name = "cgroup_cpu_usage_seconds_total",
                      .collector = Collector::cpu,
                      .type = MetricType::counter,
                      .unit = Unit::microseconds,
                      .source = key("cpu.stat", "usage_usec"),
                      .help = "CPU time used."};

Metric with_name(std::string_view name) {
  Metric metric = good;
  metric.name = name;
  return metric;
}

Metric with_source(const ValueSource& source) {
  Metric metric = good;
  metric.source = source;
  return metric;
}

std::optional<Rule> broken_by(const Metric& metric) {
  const std::array rows{metric};
  return find_broken_rule(rows, 0, known_files);
}

// By the second of two rows; the first is good.
std::optional<Rule> broken_by_second(const Metric& metric) {
  const std::array rows{good, metric};
  return find_broken_rule(rows, 1, known_files);
}

TEST(Rules, RefuseBadNames) {
  for (const char* name :
       {"cpu_usage_seconds_total", "cgroup_CPU_seconds_total", "cgroup__cpu_seconds_total",
        "cgroup_cpu:seconds_total", "cgroup_cpu_seconds_total_"}) {
    EXPECT_EQ(broken_by(with_name(name)), Rule::name) << name;
  }
}

TEST(Rules, RefuseCounterWithoutTotal) {
  EXPECT_EQ(broken_by(with_name("cgroup_cpu_usage_seconds")), Rule::suffix);
}

TEST(Rules, RefuseGaugeWithTotal) {
  Metric metric = good;
  metric.type = MetricType::gauge;
  EXPECT_EQ(broken_by(metric), Rule::suffix);
}

TEST(Rules, RefuseNameWithoutItsUnit) {
  EXPECT_EQ(broken_by(with_name("cgroup_cpu_usage_total")), Rule::unit);
}

TEST(Rules, RefuseNameWithAnotherUnit) {
  Metric metric = good;
  metric.unit = Unit::none;
  EXPECT_EQ(broken_by(metric), Rule::unit);
}

TEST(Rules, RefuseHelpThatIsNoSentence) {
  for (const char* help : {"", "CPU time", " CPU.", "two\nlines."}) {
    Metric metric = good;
    metric.help = help;
    EXPECT_EQ(broken_by(metric), Rule::help) << help;
  }
}

TEST(Rules, RefuseTheSameNameTwice) {
  Metric other = good;
  other.source = key("cpu.stat", "user_usec");
  EXPECT_EQ(broken_by_second(other), Rule::name_is_unique);
}

TEST(Rules, RefuseTheSameFamilyOfOpenMetricsTwice) {
  Metric gauge = good;
  gauge.name = "cgroup_cpu_usage_seconds";
  gauge.type = MetricType::gauge;
  gauge.source = key("cpu.stat", "user_usec");
  EXPECT_EQ(broken_by_second(gauge), Rule::name_is_unique);
}

TEST(Rules, RefuseTheSameFieldTwice) {
  EXPECT_EQ(broken_by_second(with_name("cgroup_cpu_other_seconds_total")), Rule::field_is_unique);
}

TEST(Rules, RefuseAPercentageThatIsNoRatio) {
  Metric metric = good;
  metric.source = percent(key("cpu.stat", "usage_usec"));
  EXPECT_EQ(broken_by(metric), Rule::notation);
}

TEST(Rules, RefuseNumbersAsInfo) {
  Metric metric = good;
  metric.name = "cgroup_cpu_info";
  metric.type = MetricType::info;
  metric.unit = Unit::none;
  EXPECT_EQ(broken_by(metric), Rule::type);
}

TEST(Rules, RefuseAMetricWithoutCollector) {
  Metric metric = good;
  metric.collector = std::nullopt;
  EXPECT_EQ(broken_by(metric), Rule::collector);
}

TEST(Rules, RefuseACollectorOfTheIdentity) {
  const Metric metric{.name = "cgroup_who_info",
                      .collector = Collector::cpu,
                      .type = MetricType::info,
                      .source = identity(),
                      .help = "Whose it is."};
  EXPECT_EQ(broken_by(metric), Rule::collector);
}

TEST(Rules, RefuseAFileThatIsNotKnown) {
  EXPECT_EQ(broken_by(with_source(key("cpu.statistics", "usage_usec"))), Rule::file);
}

TEST(Rules, RefuseAFileOfALedger) {
  ValueSource source = ledger(LedgerValue::kills, "");
  source.file = "cpu.stat";
  EXPECT_EQ(broken_by(with_source(source)), Rule::file);
}

TEST(Rules, RefuseAFileOfAnotherShape) {
  EXPECT_EQ(broken_by(with_source(key("cpu.max", "usage_usec"))), Rule::shape);
}

TEST(Rules, CountTheLabelOfTheStar) {
  const auto members_of = [](std::string_view label) {
    return members("hugetlb.*.numa_stat", {.label = label, .member_label = "node", .prefix = "N"});
  };
  EXPECT_EQ(broken_by(with_source(members_of(""))), std::nullopt);
  EXPECT_EQ(broken_by(with_source(members_of("type"))), Rule::labels);
}

TEST(Rules, AcceptFieldsOfOneFileThatDifferInTheirPrefix) {
  const auto keys_with = [](std::string_view prefix) {
    return keys("cpu.stat", {.label = "key", .prefix = prefix});
  };
  EXPECT_FALSE(is_same_field(keys_with("a_"), keys_with("b_")));
  EXPECT_TRUE(is_same_field(keys_with("a_"), keys_with("a_")));
}

TEST(Rules, AcceptTheGoodRow) { EXPECT_EQ(broken_by(good), std::nullopt); }

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
