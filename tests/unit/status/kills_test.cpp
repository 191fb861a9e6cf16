// SPDX-License-Identifier: Apache-2.0
#include "status/kills.h"

#include <gtest/gtest.h>

namespace cgroup2::status {
namespace {

using catalog::LedgerValue;

constexpr const char* web = R"(namespace="shop",pod="web-1",container="a,comm=\"x")";

TEST(KillBook, PutsTogetherWhatTheLedgerHasOfAnOwner) {
  const std::string owner = web;
  const snapshot::LedgerSamples samples = {
      {LedgerValue::kills, owner, 3},
      {LedgerValue::group_kills, owner, 1},
      {LedgerValue::last_kill, owner, 1'700'000'000'000},
      {LedgerValue::last_victim,
       owner + R"(,comm="ja\"va",pid="42",constraint="memcg",oom_cgroup="/a")", 1},
      {LedgerValue::last_memory, owner + R"(,type="peak")", 100},
      {LedgerValue::last_memory, owner + R"(,type="limit")", 99},
  };
  const KillBook book(samples);
  const Kills* kills = book.of(owner);
  ASSERT_NE(kills, nullptr);
  EXPECT_EQ(kills->kills, 3U);
  EXPECT_EQ(kills->group_kills, 1U);
  EXPECT_EQ(kills->last.count(), 1'700'000'000'000);
  EXPECT_EQ(kills->comm, "ja\"va");
  EXPECT_EQ(kills->pid, "42");
  EXPECT_EQ(kills->constraint, "memcg");
  EXPECT_EQ(kills->oom_cgroup, "/a");
  EXPECT_EQ(kills->memory,
            (std::vector<std::pair<std::string, std::uint64_t>>{{"peak", 100}, {"limit", 99}}));
}

TEST(KillBook, LeavesOutOwnersWithoutKills) {
  const snapshot::LedgerSamples samples = {{LedgerValue::kills, "unit=\"a\"", 0}};
  const KillBook book(samples);
  EXPECT_EQ(book.of("unit=\"a\""), nullptr);
  EXPECT_TRUE(book.newest_first().empty());
}

TEST(KillBook, CountsKillsWithoutAnOwner) {
  const snapshot::LedgerSamples samples = {{LedgerValue::unattributed, "cgroup=\"/\"", 2},
                                           {LedgerValue::forgotten, "", 5}};
  EXPECT_EQ(KillBook(samples).without_owner(), 7U);
}

TEST(KillBook, ReadsAnOwnerWithoutLabels) {
  const snapshot::LedgerSamples samples = {{LedgerValue::kills, "", 1},
                                           {LedgerValue::last_victim, "comm=\"x\"", 1}};
  const KillBook book(samples);
  ASSERT_NE(book.of(""), nullptr);
  EXPECT_EQ(book.of("")->comm, "x");
}

TEST(KillBook, HasTheLastKillFirst) {
  const snapshot::LedgerSamples samples = {{LedgerValue::kills, "unit=\"a\"", 1},
                                           {LedgerValue::kills, "unit=\"b\"", 1},
                                           {LedgerValue::kills, "unit=\"c\"", 1},
                                           {LedgerValue::last_kill, "unit=\"b\"", 20},
                                           {LedgerValue::last_kill, "unit=\"c\"", 10}};
  const KillBook book(samples);
  std::string order;
  for (const Kills* kills : book.newest_first()) order += kills->owner_labels;
  EXPECT_EQ(order, "unit=\"b\"unit=\"c\"unit=\"a\"");
}

}  // namespace
}  // namespace cgroup2::status
