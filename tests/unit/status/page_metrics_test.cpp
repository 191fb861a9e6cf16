// SPDX-License-Identifier: Apache-2.0
#include "status/page_metrics.h"

#include <gtest/gtest.h>

#include "catalog/lean.h"
#include "scene.h"

namespace cgroup2::status {
namespace {

TEST(PageMetrics, AreInBaseUnits) {
  Scene scene;
  const auto cgroup = scene.add("/a");
  scene.set("cgroup_cpu_usage_seconds_total", cgroup, 1'500'000);
  scene.set("cgroup_memory_usage_bytes", cgroup, 4096);
  scene.set("cgroup_cpu_limit_cores", cgroup, cgroup::to_bits(0.5));
  const auto values = take_values(scene.snapshot.samples, 1);
  EXPECT_EQ(values[0][PageMetric::cpu_usage], 1.5);
  EXPECT_EQ(values[0][PageMetric::memory_usage], 4096);
  EXPECT_EQ(values[0][PageMetric::cpu_limit], 0.5);
}

TEST(PageMetrics, AreAbsentWhereTheKernelGivesNone) {
  Scene scene;
  scene.set("cgroup_pids", scene.add("/a"), 0);
  scene.add("/b");
  const auto values = take_values(scene.snapshot.samples, 2);
  EXPECT_EQ(values[0][PageMetric::pids], 0);
  EXPECT_FALSE(values[1][PageMetric::pids]);
  EXPECT_FALSE(values[0][PageMetric::pids_limit]);
}

TEST(PageMetrics, AreReadWhateverIsExported) {
  for (std::size_t i = 0; i < page_metric_count; ++i)
    EXPECT_TRUE(catalog::is_read_in_lean(metric_of(i))) << page_metric_names[i];
}

}  // namespace
}  // namespace cgroup2::status
