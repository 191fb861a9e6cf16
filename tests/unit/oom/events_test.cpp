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
}

TEST(Events, LoseNoKillForALineThatIsOdd) {
  EXPECT_EQ(parse_events("oom_kill 1\nmax x\n"), (Events{0, 0, 1, 0}));
  EXPECT_EQ(parse_events("low\n\noom_kill 1 of 5\nmax 3 4\n"), (Events{3, 0, 1, 0}));
  EXPECT_EQ(parse_events("oom_kill 2\noom_kill 5\n"), (Events{0, 0, 2, 0}));
}

}  // namespace
}  // namespace cgroup2::oom
