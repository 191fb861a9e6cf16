// SPDX-License-Identifier: Apache-2.0
#include "processes/fair_limit.h"

#include <gtest/gtest.h>

namespace cgroup2::processes {
namespace {

constexpr auto none = std::numeric_limits<std::size_t>::max();

TEST(FairLimit, IsNoneWhereAllFit) {
  EXPECT_EQ(fair_limit({}, 0), none);
  EXPECT_EQ(fair_limit({5, 0, 5}, 10), none);
}

TEST(FairLimit, TakesFromWhoeverNeedsMost) {
  EXPECT_EQ(fair_limit({100'000, 10, 20}, 1000), 970U);
  EXPECT_EQ(fair_limit({1, 50, 100}, 101), 50U);
}

TEST(FairLimit, IsTheSameForAllWhoNeedMoreThanTheirShare) {
  EXPECT_EQ(fair_limit({40, 40, 40}, 100), 33U);
  EXPECT_EQ(fair_limit({1, 1}, 0), 0U);
}

}  // namespace
}  // namespace cgroup2::processes
