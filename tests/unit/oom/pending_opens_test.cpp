// SPDX-License-Identifier: Apache-2.0
#include "oom/pending_opens.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cgroup2::oom {
namespace {

using namespace std::chrono_literals;

constexpr base::TimePoint now{1h};

TEST(PendingOpens, HoldAPathOnce) {
  PendingOpens opens;
  const auto first = opens.begin("/a", 0, 1);
  ASSERT_TRUE(first);
  EXPECT_FALSE(opens.begin("/a", 5, 1));
  opens.end(first);
  EXPECT_TRUE(opens.begin("/a", 0, 1));
}

TEST(PendingOpens, LetAPathBeUsedAgainAfterItsRemoval) {
  PendingOpens opens;
  const auto first = opens.begin("/a", 0, 1);
  opens.note_removal("/a", now);
  opens.note_removal("/other", now);
  EXPECT_TRUE(first->is_gone);
  EXPECT_EQ(first->gone, now);
  const auto second = opens.begin("/a", 0, 1);
  ASSERT_TRUE(second);
  opens.end(first);
  EXPECT_FALSE(opens.begin("/a", 0, 1)) << "the second one is pending";
  EXPECT_EQ(opens.size(), 1U);
}

TEST(PendingOpens, TellParentsOfThoseThatTheWalkDidNotSee) {
  PendingOpens opens;
  const auto seen = opens.begin("/a", 7, 1);
  const auto unseen = opens.begin("/b/c", 0, 2);
  opens.note_observed("/a", 5);
  opens.note_observed("/other", 5);
  EXPECT_EQ(opens.parents_of_unobserved(5), std::vector<std::uint64_t>{2});
  EXPECT_EQ(opens.parents_of_unobserved(6), (std::vector<std::uint64_t>{1, 2}));
  EXPECT_EQ(opens.observed(), 1U);
  EXPECT_EQ(opens.size(), 2U);
}

TEST(PendingOpens, KeepEventsByWatchInTheirOrder) {
  PendingOpens opens;
  const auto pending = opens.begin("/a", 0, 1);
  for (const auto& [watch, name] :
       {std::pair(1, "a"), std::pair(2, "b"), std::pair(1, "c"), std::pair(2, "d")})
    opens.keep({watch, 0, name, now});
  const auto taken = opens.take_early(1);
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].name, "a");
  EXPECT_EQ(taken[1].name, "c");
  EXPECT_TRUE(opens.take_early(1).empty());
  EXPECT_EQ(opens.take_early(2).size(), 2U);
}

TEST(PendingOpens, RememberNothingWhenNothingIsPending) {
  PendingOpens opens;
  opens.keep({1, 0, "a", now});
  opens.note_finished(5);
  EXPECT_TRUE(opens.take_early(1).empty());
  EXPECT_FALSE(opens.is_finished(5));
  const auto pending = opens.begin("/a", 0, 1);
  opens.keep({1, 0, "a", now});
  opens.note_finished(5);
  opens.forget();
  EXPECT_TRUE(opens.is_finished(5));
  opens.end(pending);
  opens.forget();
  EXPECT_TRUE(opens.take_early(1).empty());
  EXPECT_FALSE(opens.is_finished(5));
}

TEST(PendingOpens, ForgetWhatNoPendingOpenIsOlderThan) {
  PendingOpens opens;
  auto older = opens.begin("/a", 0, 1);
  opens.keep({1, 0, "a", now});
  opens.note_finished(5);
  for (int i = 0; i < 100; ++i) {  // something is always pending
    const auto newer = opens.begin("/a" + std::to_string(i), 0, 1);
    opens.end(older);
    opens.forget();
    older = newer;
  }
  EXPECT_FALSE(opens.is_finished(5));
  EXPECT_TRUE(opens.take_early(1).empty());
}

TEST(PendingOpens, KeepABoundedNumberOfEvents) {
  PendingOpens opens;
  const auto pending = opens.begin("/a", 0, 1);
  for (int i = 0; i < 70'000; ++i) opens.keep({1, 0, {}, now});
  EXPECT_EQ(opens.take_early(1).size(), 65'536U);
}

}  // namespace
}  // namespace cgroup2::oom
