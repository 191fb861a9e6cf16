// SPDX-License-Identifier: Apache-2.0
#include "oom/ledger.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

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

TEST(Ledger, KeepsStartsForTenMinutesAndKillsForTheRetention) {
  Ledger ledger({1h, 10});
  for (const char* name : {"started", "killed"}) ledger.add_start(unit(name));
  ledger.add_start(unit("started"));
  ledger.add_kills(unit("killed"), 1, 0, start);
  ledger.note_living({}, {"/"}, at(0h));
  ledger.note_living({}, {"/"}, at(9min));
  EXPECT_EQ(ledger.content().owners.at(unit("started")).starts, 2U);
  ledger.note_living({}, {"/"}, at(10min));
  EXPECT_FALSE(ledger.content().owners.contains(unit("started")));
  EXPECT_EQ(ledger.content().owners.at(unit("killed")).starts, 1U);
  Ledger brief({1min, 10});
  brief.add_start(unit("started"));
  brief.note_living({}, {"/"}, at(0h));
  brief.note_living({}, {"/"}, at(1min));
  EXPECT_TRUE(brief.content().owners.empty());
}

TEST(Ledger, ForgetsWhoWasNeverKilledFirstAndCountsNoLossOfThat) {
  Ledger ledger({1h, 2});
  ledger.add_kills(unit("killed"), 1, 0, start);
  ledger.note_living({unit("killed")}, {"/"}, at(0h));
  ledger.note_living({}, {"/"}, at(1s));
  ledger.add_start(unit("a"));
  ledger.add_start(unit("b"));
  ledger.note_living({}, {"/"}, at(2s));
  EXPECT_TRUE(ledger.content().owners.contains(unit("killed")));
  EXPECT_EQ(ledger.content().owners.size(), 2U);
  EXPECT_EQ(ledger.evicted(), 0U);
  EXPECT_TRUE(ledger.take_evicted_subtrees().empty());
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

Owner users(const std::string& user, const std::string& container) {
  Owner owner;
  owner.user = user;
  owner.container = container;
  return owner;
}

Owner pod(const std::string& name) {
  Owner owner;
  owner.namespace_name = "default";
  owner.pod = name;
  return owner;
}

TEST(Ledger, HasRoomForAPodThatStartsAfterAUserFilledIt) {
  Ledger ledger({1h, 5});
  std::set<Owner> living{unit("a"), users("small", "x")};
  for (char name = 'a'; name < 'k'; ++name) living.insert(users("large", std::string(1, name)));
  ledger.note_living(living, {}, at(0h));
  living.insert(pod("web"));
  ledger.add_kills(pod("web"), 1, 0, start);
  ledger.note_living(living, {}, at(1s));
  EXPECT_EQ(ledger.content().owners.at(pod("web")).kills, 1U);
  EXPECT_TRUE(ledger.content().owners.contains(unit("a")));
  EXPECT_TRUE(ledger.content().owners.contains(users("small", "x")));
  EXPECT_EQ(ledger.content().owners.size(), 5U);
  EXPECT_EQ(ledger.take_evicted_subtrees(), std::set<std::string>{"large"});
  EXPECT_EQ(ledger.take_evicted_subtrees(), std::set<std::string>());
}

TEST(Ledger, ForgetsTheDeadOfAClassBeforeTheLiving) {
  Ledger ledger({1h, 2});
  ledger.add_kills(pod("dead"), 9, 0, start);
  ledger.add_kills(users("large", "dead"), 9, 0, start);
  ledger.note_living({pod("a"), users("large", "a")}, {}, at(0h));
  EXPECT_FALSE(ledger.content().owners.contains(users("large", "a"))) << "users give way first";
  EXPECT_TRUE(ledger.content().owners.contains(pod("dead")));
  ledger.note_living({pod("a"), pod("b")}, {}, at(1s));
  EXPECT_FALSE(ledger.content().owners.contains(pod("dead")));
  EXPECT_EQ(sum(ledger), 18U);
}

// Users' cgroups are below "/user-N", as a class of their own.
base::Subtree subtree_of(std::string_view path) {
  const auto top = path.substr(0, path.find('/', 1));
  const bool is_users = top.starts_with("/user-");
  return {is_users ? base::ConsumerClass::user : base::ConsumerClass::workload, top, true};
}

TEST(Ledger, AddsUpUnattributedKillsBySubtreeWhereTheyAreTooMany) {
  Ledger ledger({1h, 4}, subtree_of);
  for (const char* cgroup : {"/pod/1", "/pod/2", "/user-1/1", "/user-2/1"})
    ledger.add_unattributed(cgroup, 1);
  ledger.note_living({}, {}, at(0h));
  EXPECT_EQ(ledger.content().unattributed.size(), 4U);
  for (const char* cgroup : {"/user-2/2", "/user-2/3"}) ledger.add_unattributed(cgroup, 1);
  ledger.note_living({}, {}, at(0h));
  EXPECT_EQ(ledger.content().unattributed,
            (std::map<std::string, std::uint64_t>{
                {"/pod/1", 1}, {"/pod/2", 1}, {"/user-1/1", 1}, {"/user-2", 3}}));
  EXPECT_EQ(ledger.take_evicted_subtrees(), std::set<std::string>{"/user-2"});
}

TEST(Ledger, GivesUnattributedKillsToTheHostWhereTheSubtreesAreTooMany) {
  Ledger ledger({1h, 3}, subtree_of);
  for (const char* cgroup : {"/pod/1", "/user-1/1", "/user-2/1", "/user-3/1", "/user-4/1"})
    ledger.add_unattributed(cgroup, 2);
  ledger.note_living({}, {}, at(0h));
  EXPECT_LE(ledger.content().unattributed.size(), 3U);
  EXPECT_EQ(sum(ledger), 10U);
  EXPECT_EQ(ledger.content().unattributed.at("/pod"), 2U);
}

TEST(Ledger, ForgetsAtOnceWhereEverybodyLives) {
  Ledger ledger({1h, 1});
  ledger.note_living({unit("a")}, {}, at(0h));
  ledger.add_kills(unit("b"), 4, 0, start);
  ledger.note_living({unit("a")}, {}, at(1s));
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
  ledger.note_rise(unit("scope"), {4, 1s});
  ledger.rename(unit("scope"), unit("name"));
  const LedgerEntry& entry = ledger.content().owners.at(unit("name"));
  EXPECT_EQ(entry.kills, 2U);
  EXPECT_EQ(entry.by_limit[1], 2U);
  EXPECT_EQ(entry.memory.peak, 9U);
  EXPECT_EQ(entry.rise, (LastRise{4, 1s}));
  EXPECT_EQ(ledger.content().owners.size(), 1U);
}

TEST(Ledger, LeavesTheLimitOfAnOwnerThatIsForgottenOut) {
  Ledger ledger({});
  ledger.note_rise(unit("a"), {4, 1s});
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
