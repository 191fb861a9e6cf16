// SPDX-License-Identifier: Apache-2.0
#include "catalog/catalog.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "catalog/identity_label.h"

namespace cgroup2::catalog {
namespace {

TEST(Catalog, FindsMetricsByName) {
  EXPECT_EQ(metrics[metric_index("cgroup_pids")].source.file, "pids.current");
  EXPECT_EQ(metric_index("cgroup_info"), 0U);
  EXPECT_EQ(metric_index(metrics.back().name), metric_count - 1);
  for (const char* name : {"", "cgroup", "cgroup_pid", "cgroup_pids_", "CGROUP_PIDS"})
    EXPECT_EQ(metric_index(name), metric_count) << name;
}

TEST(Catalog, FindsMetricsByTheirSource) {
  constexpr auto pids = metric_where(
      [](const ValueSource& source) { return source.file == std::string_view("pids.current"); });
  EXPECT_EQ(metrics[pids].name, "cgroup_pids");
  constexpr auto by_value =
      metrics_by_value<ledger_value_count>(Select::ledger, &ValueSource::ledger);
  EXPECT_EQ(metrics[by_value[index(LedgerValue::kills)]].source.ledger, LedgerValue::kills);
  EXPECT_EQ(metrics[by_value[index(LedgerValue::last_kill)]].source.ledger, LedgerValue::last_kill);
}

TEST(Catalog, JoinsMetricsInTheirOrder) {
  const auto joined = join(pids_metrics, cpu_metrics, pids_metrics);
  EXPECT_EQ(joined.size(), 2 * pids_metrics.size() + cpu_metrics.size());
  EXPECT_EQ(joined.front().name, pids_metrics.front().name);
  EXPECT_EQ(joined[pids_metrics.size()].name, cpu_metrics.front().name);
  EXPECT_EQ(joined.back().name, pids_metrics.back().name);
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

TEST(Catalog, HasARowForEachInput) {
  for (std::size_t i = 0; i < input_count; ++i) {
    EXPECT_GE(std::ranges::count(inputs, static_cast<Input>(i), &InputRow::input), 1) << i;
  }
}

// Two rows would write two samples of one series.
TEST(Catalog, FillsAMetricOfTheRootOnce) {
  for (const RootRow& row : root_rows) {
    EXPECT_EQ(std::ranges::count(root_rows, row.metric, &RootRow::metric), 1) << row.metric;
  }
}

// The root's own file would give the sample a second time.
TEST(Catalog, FillsMetricsOfTheRootThatItHasNoFileFor) {
  for (const RootRow& row : root_rows) {
    const std::size_t file = file_index(metrics[metric_index(row.metric)].source.file);
    EXPECT_FALSE(files[file].is_of_root) << row.metric;
  }
}

TEST(Catalog, HasNoLabelThatSaysWhoseACgroupIs) {
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

}  // namespace
}  // namespace cgroup2::catalog
