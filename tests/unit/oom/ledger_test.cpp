// SPDX-License-Identifier: Apache-2.0
#include "oom/ledger.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "oom/ledger_file.h"
#include "support/tree.h"

namespace cgroup2::oom {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds start{1'000'000};

Owner unit(const std::string& name) {
  Owner owner;
  owner.unit = name;
  return owner;
}

std::uint64_t sum(const Ledger& ledger) {
  std::uint64_t all = ledger.content().forgotten;
  for (const auto& [owner, entry] : ledger.content().owners) all += entry.kills;
  for (const auto& [cgroup, kills] : ledger.content().rests) all += kills;
  return all;
}

TEST(Ledger, BeginsAtZeroForWhoLives) {
  Ledger ledger({});
  ledger.note_living({unit("a")}, {"/"}, start);
  EXPECT_EQ(ledger.content().owners.at(unit("a")).kills, 0U);
  ledger.note_living({}, {"/"}, start);
  EXPECT_TRUE(ledger.content().owners.empty());
}

TEST(Ledger, KeepsTheDeadForTheRetentionAndTheirCountForGood) {
  Ledger ledger({1h, 10});
  ledger.note_living({unit("a")}, {"/", "/p"}, start);
  ledger.charge(unit("a"), {.id = 1, .kills = 2}, start);
  ledger.charge_rest("/p", 3);
  ledger.note_living({}, {"/"}, start);
  ledger.note_living({}, {"/"}, start + 59min);
  EXPECT_EQ(ledger.content().owners.size(), 1U);
  EXPECT_EQ(ledger.content().rests.size(), 1U);
  ledger.note_living({}, {"/"}, start + 60min);
  EXPECT_TRUE(ledger.content().owners.empty());
  EXPECT_TRUE(ledger.content().rests.empty());
  EXPECT_EQ(ledger.content().forgotten, 5U);
}

TEST(Ledger, ForgetsThoughTheClockWasSetBack) {
  Ledger ledger({1h, 10});
  ledger.charge(unit("a"), {.id = 1, .kills = 1}, start);
  ledger.note_living({}, {}, start + 24h);
  ledger.note_living({}, {}, start);
  ledger.note_living({}, {}, start + 1h);
  EXPECT_TRUE(ledger.content().owners.empty());
}

TEST(Ledger, RemembersTheDeadThoughTheClockWasSetForward) {
  Ledger ledger({1h, 10});
  const auto pass = [&](milliseconds now, milliseconds steady) {
    ledger.note_time(now, steady);
    ledger.note_living({}, {}, now);
  };
  ledger.note_time(start, 10s);
  ledger.charge(unit("a"), {.id = 1, .kills = 1}, start);
  ledger.charge_rest("/p", 1);
  pass(start, 10s);
  constexpr auto later = start + 50 * 365 * 24h;
  pass(later + 1s, 11s);
  EXPECT_EQ(ledger.content().owners.size(), 1U);
  EXPECT_EQ(ledger.content().rests.size(), 1U);
  pass(later + 1h, 10s + 1h);
  EXPECT_TRUE(ledger.content().owners.empty());
  EXPECT_TRUE(ledger.content().rests.empty());
}

TEST(Ledger, CountsWhoIsLeftOutOnce) {
  Ledger ledger({1h, 2});
  for (int i = 0; i < 3; ++i)
    ledger.note_living({unit("a"), unit("b"), unit("c"), unit("d")}, {}, start);
  EXPECT_EQ(ledger.content().owners.size(), 2U);
  EXPECT_EQ(ledger.evicted(), 2U);
}

TEST(Ledger, MakesRoomByForgettingTheLongestDead) {
  Ledger ledger({1h, 2});
  ledger.charge(unit("old"), {.id = 1, .kills = 1}, start);
  ledger.note_living({}, {}, start);
  ledger.charge(unit("new"), {.id = 2, .kills = 1}, start);
  ledger.note_living({unit("x")}, {}, start + 1s);
  EXPECT_FALSE(ledger.content().owners.contains(unit("old")));
  EXPECT_EQ(ledger.evicted(), 1U);
  EXPECT_EQ(sum(ledger), 2U);
}

TEST(Ledger, ForgetsAtOnceWhereEverybodyLives) {
  Ledger ledger({1h, 1});
  ledger.note_living({unit("a")}, {}, start);
  ledger.charge(unit("b"), {.id = 2, .kills = 4}, start);
  EXPECT_EQ(ledger.content().owners.size(), 1U);
  EXPECT_EQ(sum(ledger), 4U);
}

TEST(Ledger, TakesKillsAlongWhenAnOwnerGetsItsName) {
  Ledger ledger({});
  ledger.charge(unit("scope"), {.id = 1, .kills = 2, .limit = Limit::ancestor}, start);
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

State full_state() {
  State state;
  state.boot_id = "boot";
  state.charged = ~std::uint64_t{0};
  state.is_partial = true;
  state.root = 12;
  Owner owner;
  owner.namespace_name = "n\xff\x80\n";
  owner.pod = "\xc3\xa9\"\\";
  LedgerEntry& entry = state.ledger.owners[owner];
  entry.kills = ~std::uint64_t{0};
  entry.by_limit = {1, 2, 3};
  entry.last_kill = start;
  entry.memory = {.peak = 1, .limit = std::nullopt, .anon = 3, .file = 4};
  entry.victim = {"c,", "1", "memcg", "/o"};
  state.ledger.rests["/a\xfe"] = 7;
  state.ledger.constraints["none"] = 1;
  state.ledger.forgotten = 5;
  state.balances[9] = {
      .parent = 8, .generation = 7, .local = {1, 2, 3, 4}, .total = 5, .explained = 6};
  return state;
}

TEST(LedgerFile, TakesBackWhatItGave) {
  EXPECT_EQ(parse_state(to_json(full_state())), full_state());
}

TEST(LedgerFile, LeavesOutWhoWasNeverKilled) {
  State state = full_state();
  for (int i = 0; i < 1000; ++i) state.ledger.owners[unit("living-" + std::to_string(i))] = {};
  EXPECT_EQ(parse_state(to_json(state)), full_state());
}

TEST(LedgerFile, RefusesWhatIsCut) {
  const std::string text = to_json(full_state());
  for (std::size_t size = 0; size + 1 < text.size(); ++size)
    EXPECT_EQ(parse_state(std::string_view(text).substr(0, size)), std::nullopt) << size;
}

TEST(LedgerFile, RefusesWhatIsSomethingElse) {
  const std::string deep(100'000, '[');
  for (const std::string& text : {std::string("null"), std::string("{}"), std::string("[1]"), deep,
                                  std::string(R"({"version":1,"boot_id":"b"})"),
                                  std::string(R"({"version":2,"boot_id":3,"charged":"x"})")})
    EXPECT_EQ(parse_state(text), std::nullopt) << text.substr(0, 40);
}

TEST(LedgerFile, TakesNoNumberThatItWouldNotWrite) {
  const std::string text = to_json(full_state());
  const auto with = [&](const std::string& from, const std::string& to) {
    auto changed = text;
    EXPECT_NE(text.find(from), std::string::npos) << from;
    return parse_state(changed.replace(text.find(from), from.size(), to));
  };
  for (const char* number : {"-1", "1.5", "1e300", "true", "\"1\""}) {
    EXPECT_EQ(with("\"forgotten\":5", "\"forgotten\":" + std::string(number)), std::nullopt);
    EXPECT_EQ(with("[9,8,7", "[9,8," + std::string(number)), std::nullopt);
    EXPECT_EQ(with("\"dead_since_ms\":0", "\"dead_since_ms\":" + std::string(number)),
              std::nullopt);
  }
  EXPECT_EQ(with("\"version\":2", "\"version\":2.5"), std::nullopt);
}

TEST(LedgerFile, TakesATimeThatIsTooLateForTheLatest) {
  std::string text = to_json(full_state());
  const std::string from = "\"dead_since_ms\":0";
  text.replace(text.find(from), from.size(), "\"dead_since_ms\":18446744073709551615");
  const auto state = parse_state(text);
  ASSERT_TRUE(state);
  EXPECT_EQ(state->ledger.owners.begin()->second.dead_since, milliseconds::max());
}

TEST(LedgerFile, IsWrittenWholeOrNotAtAll) {
  const cgroup2::test::Tree tree{{"file", ""}};
  const std::string path = tree.path("state/oom.json");
  ASSERT_EQ(write_file(path, "old"), 0);
  tree.write("state/oom.json.new/in-the-way", "");
  EXPECT_NE(write_file(path, "new"), 0);
  std::ifstream file(path);
  std::string text;
  file >> text;
  EXPECT_EQ(text, "old");
  EXPECT_NE(write_file(tree.path("file/oom.json"), "x"), 0);
}

TEST(LedgerFile, OfRootInTheDirectoryOfAUserIsTheUsers) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const cgroup2::test::Tree tree{{"state/other", ""}};
  ASSERT_EQ(::chown(tree.path("state").c_str(), 65534, 65533), 0);
  const std::string path = tree.path("state/oom.json");
  ASSERT_EQ(write_file(path, "text"), 0);
  struct stat found {};
  ASSERT_EQ(::stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_uid, 65534U);
  EXPECT_EQ(found.st_gid, 65533U);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

}  // namespace
}  // namespace cgroup2::oom
