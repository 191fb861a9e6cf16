// SPDX-License-Identifier: Apache-2.0
#include "peaks/peak_window.h"

#include <gtest/gtest.h>

namespace cgroup2::peaks {
namespace {

using namespace std::chrono_literals;

constexpr base::TimePoint at(std::chrono::seconds time) { return base::TimePoint(1h + time); }

TEST(PeakWindow, HasNothingAtFirst) {
  EXPECT_EQ(PeakWindow().highest_after(base::TimePoint()), std::nullopt);
}

TEST(PeakWindow, ForgetsWhatEndedBefore) {
  PeakWindow window;
  window.close_period(at(10s), 7);
  window.close_period(at(20s), 3);
  EXPECT_EQ(window.highest_after(at(9s)), 7);
  EXPECT_EQ(window.highest_after(at(10s)), 3);
  EXPECT_EQ(window.highest_after(at(20s)), std::nullopt);
}

TEST(PeakWindow, TakesAPeriodOfWhichNothingIsKnown) {
  PeakWindow window;
  window.close_period(at(10s), 7);
  window.close_period(at(20s), std::nullopt);
  EXPECT_EQ(window.highest_after(at(9s)), 7);
  EXPECT_EQ(window.highest_after(at(10s)), std::nullopt);
}

TEST(PeakWindow, HoldsAsManyPeriodsAsCoverTheWindowAndOneMore) {
  PeakWindow window;
  for (int period = 1; period <= 6; ++period)
    window.close_period(at(std::chrono::seconds(period)), 10 - period);
  EXPECT_EQ(window.highest_after(at(0s)), 8) << "the first one is gone";
  EXPECT_EQ(window.highest_after(at(2s)), 7);
}

TEST(Larger, TakesWhatThereIs) {
  EXPECT_EQ(larger(1, 2), 2);
  EXPECT_EQ(larger(2, 1), 2);
  EXPECT_EQ(larger(std::nullopt, 1), 1);
  EXPECT_EQ(larger(1, std::nullopt), 1);
  EXPECT_EQ(larger(std::nullopt, std::nullopt), std::nullopt);
}

}  // namespace
}  // namespace cgroup2::peaks
