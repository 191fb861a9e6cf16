// SPDX-License-Identifier: Apache-2.0
#include "oom/ledger.h"

#include <gtest/gtest.h>

#include <string>

namespace cgroup2::oom {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds start{1'000'000};

constexpr base::TimePoint at(milliseconds later) { return base::TimePoint(start + later); }

Owner unit(const std::string& name) {
  Owner owner;
  owner.unit = name;
  return owner;
}

std::uint64_t sum(const Ledger& ledger) {
  std::uint64_t all = ledger.content().forgotten;
  for (const auto& [owner, entry] : ledger.content().owners) all += entry.kills;
  for (const auto& [cgroup, kills] : ledger.content().unattributed) all += kills;
  return all;
}

TEST(Ledger, BeginsAtZeroForWhoLives) {
  Ledger ledger({});
  ledger.note_living({unit("a")}, {"/"}, at(0h));
  EXPECT_EQ(ledger.content().owners.at(unit("a")).kills, 0U);
  ledger.note_living({}, {"/"}, at(0h));
  EXPECT_TRUE(ledger.content().owners.empty());
}

TEST(Ledger, KeepsTheDeadForTheRetentionAndTheirCountForGood) {
  Ledger ledger({1h, 10});
  ledger.note_living({unit("a")}, {"/", "/p"}, at(0h));
  ledger.add_kills(unit("a"), 2, 0, start);
  ledger.add_unattributed("/p", 3);
  ledger.note_living({}, {"/"}, at(0h));
  ledger.note_living({}, {"/"}, at(59min));
  EXPECT_EQ(ledger.content().owners.size(), 1U);
  EXPECT_EQ(ledger.content().unattributed.size(), 1U);
  ledger.note_living({}, {"/"}, at(60min));
  EXPECT_TRUE(ledger.content().owners.empty());
  EXPECT_TRUE(ledger.content().unattributed.empty());
  EXPECT_EQ(ledger.content().forgotten, 5U);
}

TEST(Ledger, KeepsNobodyForEverWhoDiedInTheFuture) {
  LedgerContent content;
  content.owners[unit("a")] = {.kills = 1, .dead_since = start + 1000h};
  Ledger ledger({1h, 10});
  ledger.restore(content);
  ledger.note_living({}, {}, at(0h));
  ledger.note_living({}, {}, at(1h));
  EXPECT_TRUE(ledger.content().owners.empty());
}

TEST(Ledger, CountsWhoIsLeftOutOnce) {
  Ledger ledger({1h, 2});
  for (int i = 0; i < 3; ++i)
    ledger.note_living({unit("a"), unit("b"), unit("c"), unit("d")}, {}, at(0h));
  EXPECT_EQ(ledger.content().owners.size(), 2U);
  EXPECT_EQ(ledger.evicted(), 2U);
}

TEST(Ledger, MakesRoomByForgettingTheLongestDead) {
  Ledger ledger({1h, 2});
  ledger.add_kills(unit("old"), 1, 0, start);
  ledger.note_living({}, {}, at(0h));
  ledger.add_kills(unit("new"), 1, 0, start);
  ledger.note_living({unit("x")}, {}, at(1s));
  EXPECT_FALSE(ledger.content().owners.contains(unit("old")));
  EXPECT_EQ(ledger.evicted(), 1U);
  EXPECT_EQ(sum(ledger), 2U);
}

TEST(Ledger, ForgetsAtOnceWhereEverybodyLives) {
  Ledger ledger({1h, 1});
  ledger.note_living({unit("a")}, {}, at(0h));
  ledger.add_kills(unit("b"), 4, 0, start);
  EXPECT_EQ(ledger.content().owners.size(), 1U);
  EXPECT_EQ(sum(ledger), 4U);
}

TEST(Ledger, TakesKillsAlongWhenAnOwnerGetsItsName) {
  Ledger ledger({});
  ledger.add_kills(unit("scope"), 2, 0, start);
  ledger.add_by_limit(unit("scope"), Limit::ancestor, 2);
  LastMemory memory;
  memory.peak = 9;
  ledger.note_memory(unit("scope"), memory);
  ledger.rename(unit("scope"), unit("name"));
  const LedgerEntry& entry = ledger.content().owners.at(unit("name"));
  EXPECT_EQ(entry.kills, 2U);
  EXPECT_EQ(entry.by_limit[1], 2U);
  EXPECT_EQ(entry.memory.peak, 9U);
  EXPECT_EQ(ledger.content().owners.size(), 1U);
}

TEST(Ledger, LeavesTheLimitOfAnOwnerThatIsForgottenOut) {
  Ledger ledger({});
  ledger.add_by_limit(unit("a"), Limit::own, 1);
  EXPECT_TRUE(ledger.content().owners.empty());
}

TEST(Ledger, TakesLimitsThatWereNotDecidedBeforeARestartForUnknown) {
  Ledger before({});
  before.add_kills(unit("a"), 3, 0, start);
  before.add_by_limit(unit("a"), Limit::own, 1);
  Ledger after({});
  after.restore(before.content());
  EXPECT_EQ(after.content().owners.at(unit("a")).by_limit,
            (std::array<std::uint64_t, limit_count>{1, 0, 0, 2}));
}

}  // namespace
}  // namespace cgroup2::oom
