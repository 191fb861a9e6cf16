// SPDX-License-Identifier: Apache-2.0
#include "oom/events.h"

#include <gtest/gtest.h>

namespace cgroup2::oom {
namespace {

TEST(Events, TakeTheirKeysInAnyOrderAndLeaveOthers) {
  EXPECT_EQ(parse_events("low 0\nhigh 5\nmax 71\noom 2\noom_kill 1\noom_group_kill 3\n"),
            (Events{71, 2, 1, 3}));
  EXPECT_EQ(parse_events("oom_kill 4\nsock_throttled 9\noom 1\n"), (Events{0, 1, 4, 0}));
}

TEST(Events, WantTheKills) {
  EXPECT_EQ(parse_events(""), std::nullopt);
  EXPECT_EQ(parse_events("max 1\n"), std::nullopt);
  EXPECT_EQ(parse_events("oom_kill\n"), std::nullopt);
  EXPECT_EQ(parse_events("oom_kill -1\n"), std::nullopt);
  EXPECT_EQ(parse_events("oom_kill 1\nmax x\n"), std::nullopt);
}

}  // namespace
}  // namespace cgroup2::oom
