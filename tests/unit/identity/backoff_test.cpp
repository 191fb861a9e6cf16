// SPDX-License-Identifier: Apache-2.0
#include "identity/backoff.h"

#include <gtest/gtest.h>

#include <vector>

namespace cgroup2::identity {
namespace {

using std::chrono::seconds;

// How long it takes until the next look is due.
seconds wait_after(const Backoff& backoff, Backoff::Clock::time_point look) {
  seconds wait{0};
  while (!backoff.is_due(look + wait)) ++wait;
  return wait;
}

TEST(Backoff, IsDueAtOnce) { EXPECT_TRUE(Backoff().is_due(Backoff::Clock::time_point{})); }

TEST(Backoff, DoublesUpToFiveMinutesAndStartsOverAfterAChange) {
  Backoff backoff;
  Backoff::Clock::time_point now{};
  std::vector<long> waits;
  for (int look = 0; look < 11; ++look) {
    backoff.note_look(now, look == 0);
    waits.push_back(wait_after(backoff, now).count());
    now += wait_after(backoff, now);
  }
  EXPECT_EQ(waits, (std::vector<long>{1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300}));
  backoff.note_look(now, true);
  EXPECT_EQ(wait_after(backoff, now), seconds(1));
}

TEST(Backoff, WaitsASecondAfterAFirstLookThatFoundNothing) {
  Backoff backoff;
  backoff.note_look(Backoff::Clock::time_point{}, false);
  EXPECT_EQ(wait_after(backoff, {}), seconds(1));
}

TEST(Backoff, HasSoManyLooksInAMinuteThatFoundNothing) {
  Backoff backoff;
  const Backoff::Clock::time_point begin{};
  auto now = begin;
  std::vector<long> looks;
  while (looks.size() < Backoff::looks_in_first_minute) {
    looks.push_back(std::chrono::duration_cast<seconds>(now - begin).count());
    backoff.note_look(now, false);
    now += wait_after(backoff, now);
  }
  EXPECT_EQ(looks, (std::vector<long>{0, 1, 3, 7, 15, 31, 63})) << "the last one is a minute later";
}

}  // namespace
}  // namespace cgroup2::identity
