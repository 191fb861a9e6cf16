// SPDX-License-Identifier: Apache-2.0
#include "oom/last_uses.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <vector>

namespace cgroup2::oom {
namespace {

using namespace std::chrono_literals;

class LastUsesTest : public testing::Test {
 protected:
  // A poll that takes 100 ms and ends at that time.
  void poll(base::TimePoint end, std::vector<MemoryUse> uses) {
    uses_.take(uses, end - 100ms, end);
  }
  LastRise rise(base::TimePoint killed, const LastMemory& memory = {.limit = 1000}) {
    uses_.note_kills({{7, killed}});
    return uses_.take_rise(7, memory);
  }

  const base::TimePoint polled_{1h};
  LastUses uses_;
};

TEST_F(LastUsesTest, TellFromWhichUseItRose) {
  poll(polled_, {{.id = 9, .usage = 5}, {.id = 7, .usage = 100}, {.id = 8, .usage = 6}});
  EXPECT_EQ(rise(polled_ + 3s), (LastRise{100, 3100ms}));
  EXPECT_EQ(rise(polled_ + 3s).seconds(), 4U) << "rounded up: it is said to be within that time";
  EXPECT_EQ(rise(polled_ + 3s, {}), (LastRise{100, 3100ms})) << "the limit was not read";
}

TEST_F(LastUsesTest, AreNotKnownOfWhatNoPollSaw) {
  EXPECT_FALSE(rise(polled_).is_known());
  poll(polled_, {{.id = 8, .usage = 6}});
  EXPECT_FALSE(rise(polled_ + 3s).is_known()) << "another cgroup";
  poll(polled_, {{.id = 7}});
  EXPECT_FALSE(rise(polled_ + 3s).is_known()) << "its usage was not read";
}

TEST_F(LastUsesTest, AreNotKnownIfThePollMayHaveComeAfterTheKill) {
  poll(polled_, {{.id = 7, .usage = 100}});
  EXPECT_FALSE(rise(polled_ - 1s).is_known());
  EXPECT_FALSE(rise(polled_ + 49ms).is_known()) << "it is seen a moment after it happened";
  EXPECT_TRUE(rise(polled_ + 50ms).is_known());
}

TEST_F(LastUsesTest, AreNotKnownFromAnOldPoll) {
  poll(polled_, {{.id = 7, .usage = 100}});
  EXPECT_TRUE(rise(polled_ + 2min - 100ms).is_known());
  EXPECT_FALSE(rise(polled_ + 2min).is_known());
}

TEST_F(LastUsesTest, DoNotRiseFromTheLimit) {
  poll(polled_, {{.id = 7, .usage = 100}});
  EXPECT_FALSE(rise(polled_ + 3s, {.limit = 100}).is_known());
  EXPECT_TRUE(rise(polled_ + 3s, {.limit = 101}).is_known());
}

TEST_F(LastUsesTest, TellOfTheSameKillsOnce) {
  poll(polled_, {{.id = 7, .usage = 100}});
  uses_.note_kills({{7, polled_ + 3s}});
  uses_.note_kills({{7, polled_ + 4s}});
  EXPECT_EQ(uses_.take_rise(7, {}).within, 3100ms) << "the first is not attributed yet";
  EXPECT_FALSE(uses_.take_rise(7, {}).is_known()) << "when it was is not known";
}

TEST_F(LastUsesTest, ForgetKillsThatNobodyAskedFor) {
  poll(polled_, {{.id = 7, .usage = 100}});
  uses_.note_kills({{7, polled_ + 1s}});
  poll(polled_ + 3min, {{.id = 7, .usage = 200}});
  EXPECT_EQ(rise(polled_ + 3min + 2s), (LastRise{200, 2100ms}));
}

TEST_F(LastUsesTest, HaveTheHighestPeakThatIsKnown) {
  EXPECT_EQ(uses_.with_recent_peak(7, {.peak = 5}).peak, 5U);
  poll(polled_, {{.id = 7, .recent_peak = 50}, {.id = 8, .usage = 60}});
  EXPECT_EQ(uses_.with_recent_peak(7, {.peak = 40, .anon = 3}),
            (LastMemory{.peak = 50, .anon = 3}));
  EXPECT_EQ(uses_.with_recent_peak(7, {.peak = 60}).peak, 60U);
  EXPECT_EQ(uses_.with_recent_peak(7, {}).peak, 50U) << "it was gone before it could be read";
  EXPECT_EQ(uses_.with_recent_peak(8, {}).peak, std::nullopt) << "a sample is no peak";
}

}  // namespace
}  // namespace cgroup2::oom
