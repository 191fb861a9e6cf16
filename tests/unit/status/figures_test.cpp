// SPDX-License-Identifier: Apache-2.0
#include "status/figures.h"

#include <gtest/gtest.h>

#include "scene.h"

namespace cgroup2::status {
namespace {

TEST(Figures, AreInBaseUnits) {
  Scene scene;
  const auto owner = scene.add("/a");
  scene.set("cgroup_cpu_usage_seconds_total", owner, 1'500'000);
  scene.set("cgroup_memory_usage_bytes", owner, 4096);
  scene.set("cgroup_cpu_limit_cores", owner, cgroup::to_bits(0.5));
  const auto values = take_values(scene.snapshot.samples, 1);
  EXPECT_EQ(values[0][Figure::cpu_usage], 1.5);
  EXPECT_EQ(values[0][Figure::memory_usage], 4096);
  EXPECT_EQ(values[0][Figure::cpu_limit], 0.5);
}

TEST(Figures, AreAbsentWhereTheKernelGivesNone) {
  Scene scene;
  scene.set("cgroup_pids", scene.add("/a"), 0);
  scene.add("/b");
  const auto values = take_values(scene.snapshot.samples, 2);
  EXPECT_EQ(values[0][Figure::pids], 0);
  EXPECT_FALSE(values[1][Figure::pids]);
  EXPECT_FALSE(values[0][Figure::pids_limit]);
}

}  // namespace
}  // namespace cgroup2::status
