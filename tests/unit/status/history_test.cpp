// SPDX-License-Identifier: Apache-2.0
#include "status/history.h"

#include <gtest/gtest.h>

#include "scene.h"

namespace cgroup2::status {
namespace {

using namespace std::chrono_literals;
constexpr const char* cpu = "cgroup_cpu_usage_seconds_total";

// Two cgroups, of which the first used so many microseconds.
snapshot::Snapshot at(std::chrono::milliseconds time, std::uint64_t microseconds) {
  Scene scene;
  scene.snapshot.begun = base::TimePoint(time);
  scene.set(cpu, scene.add("/a"), microseconds);
  scene.add("/b");
  return scene.snapshot;
}

TEST(History, HasNoRatesWithoutAnEarlierReading) {
  History history;
  const auto now = at(10s, 1'000'000);
  EXPECT_FALSE(history.rates(now).window);
  history.note(now);
  const auto rates = history.rates(now);
  EXPECT_FALSE(rates.window);
  ASSERT_EQ(rates.per_second.size(), 2U);
  EXPECT_FALSE(rates.per_second[0][PageMetric::cpu_usage]);
}

TEST(History, MakesRatesOfTwoReadings) {
  History history;
  history.note(at(10s, 1'000'000));
  const auto now = at(14s, 3'000'000);
  history.note(now);
  const auto rates = history.rates(now);
  EXPECT_EQ(rates.window, 4s);
  EXPECT_EQ(rates.per_second[0][PageMetric::cpu_usage], 0.5);
  EXPECT_FALSE(rates.per_second[1][PageMetric::cpu_usage]);
  EXPECT_FALSE(rates.per_second[0][PageMetric::memory_usage]);
}

TEST(History, KeepsItsReadingsAWindowApart) {
  History history;
  for (int i = 0; i <= 50; ++i) history.note(at(10s + i * 100ms, 1'000'000));
  const auto rates = history.rates(at(15s, 1'000'000));
  ASSERT_TRUE(rates.window);
  EXPECT_GE(*rates.window, History::min_window);
  EXPECT_LE(*rates.window, 2 * History::min_window);
}

TEST(History, FollowsACgroupByItsIdWhenOthersComeAndGo) {
  History history;
  history.note(at(10s, 1'000'000));
  Scene scene;
  scene.snapshot.begun = base::TimePoint(12s);
  const auto path = std::string("/new");
  auto identity = std::make_shared<identity::Identity>();
  scene.snapshot.cgroups.push_back(snapshot::make_cgroup("/new", identity, 999));
  scene.snapshot.cgroups.push_back(snapshot::make_cgroup("/a", identity, 100));
  scene.set(cpu, 0, 7'000'000);
  scene.set(cpu, 1, 2'000'000);
  const auto rates = history.rates(scene.snapshot);
  EXPECT_FALSE(rates.per_second[0][PageMetric::cpu_usage]);
  EXPECT_EQ(rates.per_second[1][PageMetric::cpu_usage], 0.5);
}

TEST(History, HasNoRateWhereACounterWasReset) {
  History history;
  history.note(at(10s, 5'000'000));
  EXPECT_FALSE(history.rates(at(20s, 1'000'000)).per_second[0][PageMetric::cpu_usage]);
}

}  // namespace
}  // namespace cgroup2::status
