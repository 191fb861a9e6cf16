// SPDX-License-Identifier: Apache-2.0
#include "status/kills.h"

#include <gtest/gtest.h>

#include <string>

namespace cgroup2::status {
namespace {

oom::Owner unit(const std::string& name) { return {.unit = name}; }

TEST(Kills, AreFoundByTheirOwner) {
  const oom::LedgerContent ledger{.owners = {{unit("a"), {.kills = 3}}}};
  ASSERT_NE(find_kills(ledger, unit("a")), nullptr);
  EXPECT_EQ(find_kills(ledger, unit("a"))->kills, 3U);
  EXPECT_EQ(find_kills(ledger, unit("b")), nullptr);
}

TEST(Kills, LeaveOutOwnersThatHadNone) {
  const oom::LedgerContent ledger{.owners = {{unit("a"), {.group_kills = 1}}}};
  EXPECT_EQ(find_kills(ledger, unit("a")), nullptr);
  EXPECT_TRUE(newest_first(ledger).empty());
}

TEST(Kills, WithoutAnOwnerAreThoseBelowCgroupsAndTheForgotten) {
  EXPECT_EQ(kills_without_owner({.unattributed = {{"/", 2}, {"/a", 3}}, .forgotten = 5}), 10U);
}

TEST(Kills, AreShownWithTheLastFirst) {
  using std::chrono::milliseconds;
  const oom::LedgerContent ledger{
      .owners = {{unit("a"), {.kills = 1}},
                 {unit("b"), {.kills = 1, .last_kill = milliseconds(20)}},
                 {unit("c"), {.kills = 1, .last_kill = milliseconds(10)}}}};
  std::string order;
  for (const Kills* kills : newest_first(ledger)) order += kills->first.unit;
  EXPECT_EQ(order, "bca");
}

TEST(Kills, OfTheSameTimeAreInTheOrderOfTheirLabels) {
  const oom::LedgerContent ledger{.owners = {{{.cgroup = "/e"}, {.kills = 1}},
                                             {unit("d"), {.kills = 1}},
                                             {{.pod = "c"}, {.kills = 1}},
                                             {{.namespace_name = "b", .pod = "x"}, {.kills = 1}},
                                             {{.container = "a"}, {.kills = 1}}}};
  std::vector<oom::Owner> order;
  for (const Kills* kills : newest_first(ledger)) order.push_back(kills->first);
  EXPECT_EQ(order, (std::vector<oom::Owner>{{.cgroup = "/e"},
                                            {.container = "a"},
                                            {.namespace_name = "b", .pod = "x"},
                                            {.pod = "c"},
                                            {.unit = "d"}}));
}

}  // namespace
}  // namespace cgroup2::status
