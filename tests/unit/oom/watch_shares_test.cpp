// SPDX-License-Identifier: Apache-2.0
#include "oom/watch_shares.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace cgroup2::oom {
namespace {

// "/users/…" is a user's, "/pods/…" a workload's. What is above them is root's.
base::Subtree subtree_of(std::string_view path) {
  if (path.starts_with("/users/")) return {base::ConsumerClass::user, "/users", true};
  if (path.starts_with("/pods/")) return {base::ConsumerClass::workload, "/pods", true};
  return {base::ConsumerClass::service, path, false};
}

class WatchSharesTest : public testing::Test {
 protected:
  using Ids = std::unordered_set<std::uint64_t>;

  void watch(std::uint64_t id, const std::string& path, std::uint64_t observed_in = 1) {
    Watched watched;
    watched.cgroup.id = id;
    watched.path = path;
    watched.watch = static_cast<int>(id);
    watched.observed_in = observed_in;
    list_.add(std::move(watched));
  }
  [[nodiscard]] WatchExcess excess(std::size_t max) const {
    std::vector<const Observation*> unknown;
    for (const auto& seen : unknown_) unknown.push_back(&seen);
    return shares_.find_excess(list_, unknown, 1, max);
  }

  const WatchShares shares_{16, subtree_of};
  WatchList list_;
  std::vector<Observation> unknown_;
};

TEST_F(WatchSharesTest, HaveAnEighthMoreForAllButUsers) {
  EXPECT_EQ(shares_.limit_for("/users/a"), 16U);
  EXPECT_EQ(shares_.limit_for("/pods/a"), 18U);
  EXPECT_EQ(shares_.limit_for("/pods"), 18U);
}

TEST_F(WatchSharesTest, KeepWhatRootMadeLongest) {
  watch(1, "/pods/a");
  watch(2, "/users/a");
  watch(3, "/pods");
  unknown_.push_back({.cgroup = {.id = 4}, .path = "/users"});
  EXPECT_EQ(excess(3).ids, Ids{2});
  EXPECT_EQ(excess(2).ids, (Ids{1, 2}));
  EXPECT_EQ(excess(2).tops, (std::set<std::string>{"/pods", "/users"}));
  EXPECT_EQ(excess(4).ids, Ids());
}

TEST_F(WatchSharesTest, KeepTheOldestOfASubtreeThatTheWalkSaw) {
  watch(1, "/pods/not-seen", 0);
  watch(3, "/pods/b");
  unknown_.push_back({.cgroup = {.id = 2}, .path = "/pods/c"});
  EXPECT_EQ(excess(2).ids, Ids{1});
  EXPECT_EQ(excess(1).ids, (Ids{1, 3}));
}

}  // namespace
}  // namespace cgroup2::oom
