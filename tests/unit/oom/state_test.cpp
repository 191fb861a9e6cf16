// SPDX-License-Identifier: Apache-2.0
#include "oom/state.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>

namespace cgroup2::oom {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds start{1'000'000};

SavedState full_state() {
  SavedState state;
  state.boot_id = "boot";
  state.attribution.counted = ~std::uint64_t{0};
  state.attribution.was_partial = true;
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
  state.ledger.unattributed["/a\xfe"] = 7;
  state.ledger.constraints["none"] = 1;
  state.ledger.forgotten = 5;
  state.attribution.baselines[9] = {
      .parent = 8, .generation = 7, .local = {1, 2, 3, 4}, .total = 5, .explained = 6};
  return state;
}

TEST(State, TakesBackWhatItGave) { EXPECT_EQ(parse_state(to_json(full_state())), full_state()); }

TEST(State, LeavesOutWhoWasNeverKilled) {
  SavedState state = full_state();
  for (int i = 0; i < 1000; ++i) {
    Owner owner;
    owner.unit = "living-" + std::to_string(i);
    state.ledger.owners[owner] = {};
  }
  EXPECT_EQ(parse_state(to_json(state)), full_state());
}

TEST(State, RefusesWhatIsCut) {
  const std::string text = to_json(full_state());
  for (std::size_t size = 0; size + 1 < text.size(); ++size)
    EXPECT_EQ(parse_state(std::string_view(text).substr(0, size)), std::nullopt) << size;
}

TEST(State, RefusesWhatIsSomethingElse) {
  const std::string deep(100'000, '[');
  for (const std::string& text : {std::string("null"), std::string("{}"), std::string("[1]"), deep,
                                  std::string(R"({"version":1,"boot_id":"b"})"),
                                  std::string(R"({"version":3,"boot_id":3,"counted":"x"})")})
    EXPECT_EQ(parse_state(text), std::nullopt) << text.substr(0, 40);
}

TEST(State, TakesNoNumberThatItWouldNotWrite) {
  const std::string text = to_json(full_state());
  const auto with = [&](const std::string& from, const std::string& to) {
    auto changed = text;
    EXPECT_NE(text.find(from), std::string::npos) << from;
    return parse_state(changed.replace(text.find(from), from.size(), to));
  };
  for (const char* number : {"-1", "1.5", "1e300", "true", "\"1\"", "18446744073709551616"}) {
    EXPECT_EQ(with("\"forgotten\":5", "\"forgotten\":" + std::string(number)), std::nullopt);
    EXPECT_EQ(with("\"generation\":7", "\"generation\":" + std::string(number)), std::nullopt);
    EXPECT_EQ(with("\"dead_since\":0", "\"dead_since\":" + std::string(number)), std::nullopt);
  }
  EXPECT_EQ(with("\"version\":3", "\"version\":3.5"), std::nullopt);
  EXPECT_EQ(with("\"dead_since\":0", "\"dead_since\":18446744073709551615"), std::nullopt);
  EXPECT_EQ(with("\"forgotten\":5", "\"forgotten\":5,\"other\":1"), std::nullopt);
}

TEST(State, ParsesTheSeedOfItsFuzzTarget) {
  std::ifstream file(CGROUP2_FUZZ_SEEDS "/oom/state");
  std::string parser;
  std::getline(file, parser);
  EXPECT_EQ(parser, "state");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(parse_state(text));
}

}  // namespace
}  // namespace cgroup2::oom
