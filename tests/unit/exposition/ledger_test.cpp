// SPDX-License-Identifier: Apache-2.0
#include "exposition/ledger.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace cgroup2::exposition {
namespace {

using catalog::LedgerValue;
using std::chrono::milliseconds;

const std::string& lines(const LedgerText& text, LedgerValue value) {
  return text.at(index(value));
}

oom::Owner unit(const std::string& name) { return {.unit = name}; }

TEST(LedgerText, HasNothingOfAnEmptyLedger) { EXPECT_EQ(make_ledger_text({}), LedgerText()); }

TEST(LedgerText, HasOneLineOfAnOwnerWithoutKills) {
  const auto text = make_ledger_text({.owners = {{unit("a"), {}}}});
  EXPECT_EQ(lines(text, LedgerValue::kills), "cgroup_oom_kills_total{unit=\"a\"} 0\n");
  EXPECT_EQ(lines(text, LedgerValue::forgotten), "cgroup_oom_kills_forgotten_total 0\n");
  for (const auto value :
       {LedgerValue::group_kills, LedgerValue::kills_by_limit, LedgerValue::last_kill,
        LedgerValue::last_victim, LedgerValue::last_memory})
    EXPECT_EQ(lines(text, value), "");
}

TEST(LedgerText, HasAllThatIsKnownOfAnOwner) {
  const oom::LedgerEntry entry{.kills = 10,
                               .group_kills = 5,
                               .by_limit = {1, 2, 3, 4},
                               .last_kill = milliseconds(1'700'000'000'123),
                               .memory = {.peak = 100, .limit = {}, .anon = 0, .file = 7},
                               .victim = {.comm = "ja\"va", .pid = "42", .oom_cgroup = "/\xff"}};
  const auto text = make_ledger_text({.owners = {{{"shop", "web-1", "app", "", ""}, entry}}});
  const std::string owner = R"({namespace="shop",pod="web-1",container="app")";
  EXPECT_EQ(lines(text, LedgerValue::kills), "cgroup_oom_kills_total" + owner + "} 10\n");
  EXPECT_EQ(lines(text, LedgerValue::group_kills),
            "cgroup_oom_group_kills_total" + owner + "} 5\n");
  const std::string by_limit = "cgroup_oom_kills_by_limit_total" + owner + ",limit=\"";
  EXPECT_EQ(lines(text, LedgerValue::kills_by_limit),
            by_limit + "own\"} 1\n" + by_limit + "ancestor\"} 2\n" + by_limit + "none\"} 3\n" +
                by_limit + "unknown\"} 4\n");
  EXPECT_EQ(lines(text, LedgerValue::last_kill),
            "cgroup_oom_last_kill_timestamp_seconds" + owner + "} 1700000000.123\n");
  EXPECT_EQ(lines(text, LedgerValue::last_victim),
            "cgroup_oom_last_victim_info" + owner +
                ",comm=\"ja\\\"va\",pid=\"42\",oom_cgroup=\"/%FF\"} 1\n");
  const std::string memory = "cgroup_oom_last_kill_memory_bytes" + owner + ",type=\"";
  EXPECT_EQ(lines(text, LedgerValue::last_memory),
            memory + "peak\"} 100\n" + memory + "anon\"} 0\n" + memory + "file\"} 7\n");
}

TEST(LedgerText, HasStartsAlsoOfTheDeadWithoutKills) {
  oom::LedgerContent content;
  content.owners[unit("living")] = {.starts = 3};
  content.owners[unit("dead")] = {.starts = 1, .dead_since = milliseconds(5)};
  const auto text = make_ledger_text(content);
  EXPECT_EQ(lines(text, LedgerValue::starts),
            "cgroup_container_starts_total{unit=\"dead\"} 1\n"
            "cgroup_container_starts_total{unit=\"living\"} 3\n");
  EXPECT_EQ(lines(text, LedgerValue::kills), "cgroup_oom_kills_total{unit=\"living\"} 0\n");
}

TEST(LedgerText, HasGroupKillsOfAnOwnerWithoutKills) {
  const auto text = make_ledger_text({.owners = {{unit("a"), {.group_kills = 1}}}});
  EXPECT_EQ(lines(text, LedgerValue::group_kills), "cgroup_oom_group_kills_total{unit=\"a\"} 1\n");
  EXPECT_EQ(lines(text, LedgerValue::kills_by_limit), "");
}

TEST(LedgerText, LeavesOutTheBracesOfAnOwnerWithoutLabels) {
  EXPECT_EQ(lines(make_ledger_text({.owners = {{{}, {}}}}), LedgerValue::kills),
            "cgroup_oom_kills_total 0\n");
}

TEST(LedgerText, HasTheOwnersInTheirOrderAndWhatIsNobodys) {
  const auto text = make_ledger_text({.owners = {{unit("b"), {}}, {unit("a"), {}}},
                                      .unattributed = {{"/", 3}, {"/a\"", 4}},
                                      .constraints = {{"memcg", 5}},
                                      .forgotten = 6});
  EXPECT_EQ(lines(text, LedgerValue::kills),
            "cgroup_oom_kills_total{unit=\"a\"} 0\ncgroup_oom_kills_total{unit=\"b\"} 0\n");
  EXPECT_EQ(lines(text, LedgerValue::unattributed),
            "cgroup_oom_kills_unattributed_total{cgroup=\"/\"} 3\n"
            "cgroup_oom_kills_unattributed_total{cgroup=\"/a\\\"\"} 4\n");
  EXPECT_EQ(lines(text, LedgerValue::constraints),
            "cgroup_oom_constraint_total{constraint=\"memcg\"} 5\n");
  EXPECT_EQ(lines(text, LedgerValue::forgotten), "cgroup_oom_kills_forgotten_total 6\n");
}

std::shared_ptr<const oom::LedgerContent> content_of(std::uint64_t forgotten) {
  return std::make_shared<const oom::LedgerContent>(oom::LedgerContent{.forgotten = forgotten});
}

TEST(PreparedLedger, IsTheSameObjectWhileTheContentIs) {
  PreparedLedger ledger;
  const auto content = content_of(1);
  const auto text = ledger.of(content);
  EXPECT_EQ(ledger.of(content), text);
  EXPECT_EQ(lines(*text, LedgerValue::forgotten), "cgroup_oom_kills_forgotten_total 1\n");
  EXPECT_EQ(lines(*ledger.of(content_of(2)), LedgerValue::forgotten),
            "cgroup_oom_kills_forgotten_total 2\n");
  EXPECT_EQ(lines(*text, LedgerValue::forgotten), "cgroup_oom_kills_forgotten_total 1\n");
}

TEST(PreparedLedger, KeepsOnlyTheLastContent) {
  PreparedLedger ledger;
  auto content = content_of(1);
  const std::weak_ptr<const oom::LedgerContent> kept = content;
  (void)ledger.of(content);
  content.reset();
  EXPECT_FALSE(kept.expired()) << "its address must not become another content's";
  (void)ledger.of(content_of(2));
  EXPECT_TRUE(kept.expired());
}

TEST(PreparedLedger, IsMadeOnceForManyThreads) {
  PreparedLedger ledger;
  const auto content = content_of(1);
  std::vector<std::shared_ptr<const LedgerText>> seen(4);
  {
    std::vector<std::jthread> threads;
    for (auto& text : seen) threads.emplace_back([&] { text = ledger.of(content); });
  }
  for (const auto& text : seen) EXPECT_EQ(text, seen[0]);
}

}  // namespace
}  // namespace cgroup2::exposition
