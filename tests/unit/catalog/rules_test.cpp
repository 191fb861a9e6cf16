// SPDX-License-Identifier: Apache-2.0
#include "catalog/rules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "catalog/catalog.h"
#include "catalog/identity_label.h"
#include "catalog/memory_stat.h"
#include "catalog/series.h"

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

TEST(Catalog, FindsCollectorsByName) {
  EXPECT_EQ(find_collector("io"), Collector::io);
  EXPECT_EQ(find_collector("IO"), std::nullopt);
  EXPECT_EQ(find_collector(""), std::nullopt);
}

TEST(Catalog, OnlyInfoBelongsToNoCollector) {
  for (const Metric& metric : metrics)
    EXPECT_EQ(metric.collector.has_value(), metric.name != "cgroup_info") << metric.name;
}

TEST(Catalog, EveryCollectorHasAMetric) {
  for (std::size_t i = 0; i < collector_count; ++i) {
    EXPECT_TRUE(std::ranges::any_of(metrics, [&](const Metric& metric) {
      return metric.collector == static_cast<Collector>(i);
    })) << collectors[i].name;
  }
}

TEST(Catalog, NamesLabelsInTheirOrder) {
  const auto names = [](std::string_view metric) {
    return label_names(metrics[metric_index(metric)]);
  };
  EXPECT_EQ(names("cgroup_pids"), (LabelNames{}));
  EXPECT_EQ(names("cgroup_hugetlb_events_total"), (LabelNames{"size", "event"}));
  EXPECT_EQ(names("cgroup_memory_numa_stat_bytes"), (LabelNames{"type", "node"}));
  EXPECT_EQ(names("cgroup_hugetlb_numa_stat_bytes"), (LabelNames{"size", "node"}));
}

TEST(Files, AStarIsOneWord) {
  EXPECT_TRUE(describes("memory.max", "memory.max"));
  EXPECT_FALSE(describes("memory.max", "memory.max.d"));
  EXPECT_TRUE(describes("hugetlb.*.max", "hugetlb.2MB.max"));
  EXPECT_FALSE(describes("hugetlb.*.max", "hugetlb.2MB.rsvd.max"));
  EXPECT_TRUE(describes("hugetlb.*.rsvd.max", "hugetlb.2MB.rsvd.max"));
  EXPECT_FALSE(describes("hugetlb.*.max", "hugetlb..max"));
  EXPECT_FALSE(describes("hugetlb.*.max", "hugetlb.max"));
  EXPECT_FALSE(describes("hugetlb.*.max", ""));
}

TEST(Files, AreDescribedByOneRowEach) {
  for (const File& file : files) {
    const auto star = file.name.find('*');
    std::string name(file.name);
    if (star != std::string::npos) name.replace(star, 1, "1GB");
    EXPECT_EQ(
        std::ranges::count_if(files, [&](const File& row) { return describes(row.name, name); }), 1)
        << name;
  }
}

TEST(Metrics, HaveNoLabelThatSaysWhoseACgroupIs) {
  const auto is_free = [](std::string_view label) {
    return label != "cgroup" && !find_identity_label(label) && !label.starts_with("label_");
  };
  for (const Metric& metric : metrics) {
    if (metric.source.select == Select::ledger) continue;  // has these labels of its own
    EXPECT_TRUE(is_free(metric.source.label)) << metric.name;
    EXPECT_TRUE(is_free(metric.source.member_label)) << metric.name;
  }
  for (const File& file : files) EXPECT_TRUE(is_free(file.star_label)) << file.name;
}

TEST(Series, SayWhatACollectorCosts) {
  EXPECT_EQ(series_text(Collector::pids), "5 series per cgroup");
  EXPECT_EQ(series_text(Collector::io), "18 series per cgroup and device");
  EXPECT_EQ(series_text(Collector::cpuset), "9 series per cgroup, 1 per root");
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
