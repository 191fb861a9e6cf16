// SPDX-License-Identifier: Apache-2.0
#include "snapshot/memory_uses.h"

#include <gtest/gtest.h>

#include <optional>
#include <string_view>

#include "catalog/catalog.h"

namespace cgroup2::snapshot {
namespace {

TEST(MemoryUses, AreWhatAPollHasReadOfEachCgroup) {
  Snapshot snapshot;
  for (const std::uint64_t id : {11U, 12U, 13U})
    snapshot.cgroups.push_back(make_cgroup("/a", std::make_shared<const identity::Identity>(), id));
  const auto set = [&](std::string_view metric, cgroup::CgroupIndex cgroup, std::uint64_t value) {
    snapshot.samples.columns.at(catalog::metric_index(metric))
        .push_back({cgroup, cgroup::no_labels, value});
  };
  set("cgroup_memory_usage_bytes", 0, 5);
  set("cgroup_memory_usage_bytes", 2, 7);
  set("cgroup_memory_recent_peak_bytes", 2, 70);
  set("cgroup_memory_swap_recent_peak_bytes", 1, 90);
  set("cgroup_memory_peak_bytes", 1, 80);
  std::vector<oom::MemoryUse> uses(9);
  fill_memory_uses(snapshot, uses);
  ASSERT_EQ(uses.size(), 3U);
  EXPECT_EQ(uses[0].id, 11U);
  EXPECT_EQ(uses[0].usage, 5U);
  EXPECT_EQ(uses[0].recent_peak, std::nullopt);
  EXPECT_EQ(uses[1].usage, std::nullopt);
  EXPECT_EQ(uses[1].recent_peak, std::nullopt);
  EXPECT_EQ(uses[2].id, 13U);
  EXPECT_EQ(uses[2].usage, 7U);
  EXPECT_EQ(uses[2].recent_peak, 70U);
}

}  // namespace
}  // namespace cgroup2::snapshot
