// SPDX-License-Identifier: Apache-2.0
#include "oom/state.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace cgroup2::oom {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds start{1'000'000};

std::string to_json(const SavedState& state) { return write_state(state).text; }

Owner owner_of_cgroup(std::string path) {
  Owner owner;
  owner.cgroup = std::move(path);
  return owner;
}

std::uint64_t all_kills(const SavedState& state) {
  std::uint64_t sum = state.ledger.forgotten;
  for (const auto& [owner, entry] : state.ledger.owners) sum += entry.kills;
  for (const auto& [cgroup, kills] : state.ledger.unattributed) sum += kills;
  return sum;
}

SavedState full_state() {
  SavedState state;
  state.boot_id = "boot";
  state.attribution.counted = ~std::uint64_t{0};
  state.attribution.was_partial = true;
  state.root = 12;
  state.newest_start = 4711;
  Owner owner;
  owner.namespace_name = "n\xff\x80\n";
  owner.pod = "\xc3\xa9\"\\";
  LedgerEntry& entry = state.ledger.owners[owner];
  entry.kills = ~std::uint64_t{0};
  entry.starts = 6;
  entry.by_limit = {1, 2, 3};
  entry.last_kill = start;
  entry.memory = {.peak = 1, .limit = std::nullopt, .anon = 3, .file = 4};
  entry.rise = {.from_bytes = ~std::uint64_t{0}, .within = std::chrono::milliseconds(3)};
  entry.victim = {"c,", "1", "memcg", "/o"};
  state.ledger.unattributed["/a\xfe"] = 7;
  state.ledger.constraints["none"] = 1;
  state.ledger.forgotten = 5;
  state.attribution.baselines[9] = {
      .parent = 8, .generation = 7, .local = {1, 2, 3, 4}, .total = 5, .explained = 6};
  return state;
}

TEST(State, TakesBackWhatItGave) {
  EXPECT_EQ(parse_state(to_json(full_state())), full_state());
  EXPECT_EQ(write_state(full_state()).left_out, 0U);
}

TEST(State, LeavesOutWhoWasNeverKilled) {
  SavedState state = full_state();
  for (int i = 0; i < 1000; ++i) {
    Owner owner;
    owner.unit = "living-" + std::to_string(i);
    state.ledger.owners[owner] = {};
  }
  EXPECT_EQ(parse_state(to_json(state)), full_state());
}

TEST(State, KeepsWhoHadStartsButNoKillIfThereIsSpace) {
  SavedState state = full_state();
  state.ledger.owners[owner_of_cgroup("/started")] = {.starts = 3};
  EXPECT_EQ(parse_state(to_json(state)), state);
  const auto size = to_json(full_state()).size();
  const auto cut = write_state(state, size + 40);
  EXPECT_EQ(cut.left_out, 1U);
  EXPECT_EQ(parse_state(cut.text), full_state());
}

TEST(State, RefusesWhatIsCut) {
  const std::string text = to_json(full_state());
  for (std::size_t size = 0; size < text.size(); ++size)
    EXPECT_EQ(parse_state(std::string_view(text).substr(0, size)), std::nullopt) << size;
  const auto last = text.rfind('\n', text.size() - 2) + 1;
  EXPECT_EQ(parse_state(text.substr(0, last)), std::nullopt) << "a record is missing";
  EXPECT_EQ(parse_state(text + text.substr(last)), std::nullopt) << "a record is there twice";
}

TEST(State, RefusesWhatIsLongerThanItsBound) {
  std::string text = to_json(full_state());
  text.resize(max_state_bytes + 1, '\n');
  EXPECT_EQ(parse_state(text), std::nullopt);
}

TEST(State, RefusesWhatIsSomethingElse) {
  const std::string deep(100'000, '[');
  for (const std::string& text :
       {std::string("null"), std::string("{}"), std::string("[1]"), deep, std::string(),
        std::string(4096, '\0'), std::string(R"({"version":1,"boot_id":"b"})"),
        std::string(R"({"version":4,"boot_id":3,"counted":"x"})")}) {
    EXPECT_EQ(parse_state(text), std::nullopt) << text.substr(0, 40);
    EXPECT_EQ(parse_state(text + '\n'), std::nullopt) << text.substr(0, 40);
  }
}

TEST(State, FitsIntoItsBoundWhateverCgroupsAreCalled) {
  SavedState state = full_state();
  Owner pod;
  pod.namespace_name = pod.pod = pod.container = "web";
  state.ledger.owners[pod].kills = 5;
  for (std::size_t i = 0; i < 10'000; ++i) {
    const auto name = '/' + std::to_string(i) + std::string(4090, '\1');
    state.ledger.owners[owner_of_cgroup(name)].kills = 1;
    if (i < 1'000) state.ledger.unattributed[name] = 2;
    state.attribution.baselines[i] = {.parent = i, .generation = i, .total = i, .explained = i};
  }
  const auto [text, left_out] = write_state(state);
  EXPECT_LE(text.size(), max_state_bytes);
  EXPECT_GT(text.size(), max_state_bytes - 2 * 6 * 4096);
  EXPECT_GT(left_out, 10'000U);
  const auto read = parse_state(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(all_kills(*read), all_kills(state));
  EXPECT_TRUE(read->ledger.owners.contains(pod));
  EXPECT_TRUE(read->ledger.unattributed.contains("/a\xfe"));
  EXPECT_EQ(read->attribution, state.attribution);
}

TEST(State, KeepsPodsAndContainersLongestAndOfEqualsTheShortest) {
  SavedState state = full_state();
  state.ledger.owners.clear();
  Owner pod, unit;
  pod.pod = std::string(300, 'p');
  unit.unit = "a.service";
  const auto path = owner_of_cgroup("/a");
  const auto longer = owner_of_cgroup("/longer");
  for (const auto& owner : {pod, unit, path, longer}) state.ledger.owners[owner].kills = 1;
  std::vector<std::size_t> owners;
  for (std::size_t bytes = write_state(state).text.size(); bytes > 300; --bytes) {
    const auto read = parse_state(write_state(state, bytes).text);
    ASSERT_TRUE(read) << bytes;
    const auto& kept = read->ledger.owners;
    EXPECT_EQ(all_kills(*read), all_kills(state));
    EXPECT_TRUE(!kept.contains(longer) || kept.contains(path));
    EXPECT_TRUE(!kept.contains(unit) || kept.contains(pod) || bytes < 700);
    owners.push_back(kept.size());
  }
  EXPECT_EQ(owners.front(), 4U);
  EXPECT_LE(owners.back(), 1U);
}

TEST(State, CountsTheLastPassAsPartialWhereBaselinesAreLeftOut) {
  SavedState state;
  for (std::uint64_t id = 1; id <= 1000; ++id) state.attribution.baselines[id].total = 1;
  const auto read = parse_state(write_state(state, 5000).text);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->attribution.was_partial);
  EXPECT_TRUE(read->attribution.baselines.contains(1)) << "the oldest";
  EXPECT_FALSE(read->attribution.baselines.contains(1000));
}

TEST(State, HasABoundOnItsRecords) {
  SavedState state;
  for (std::uint64_t id = 1; id <= max_state_records; ++id) state.attribution.baselines[id];
  EXPECT_EQ(parse_state(to_json(state)), state);
  state.attribution.baselines[max_state_records + 1];
  const auto [text, left_out] = write_state(state);
  EXPECT_EQ(left_out, 1U);
  EXPECT_TRUE(parse_state(text));
  auto longer = text;
  const std::string records = "\"records\":" + std::to_string(max_state_records);
  longer.replace(longer.find(records), records.size(),
                 "\"records\":" + std::to_string(max_state_records + 1));
  EXPECT_EQ(parse_state(longer + "{\"id\":50000}\n"), std::nullopt);
}

TEST(State, HasABoundOnItsOwners) {
  SavedState state;
  for (std::size_t i = 0; i <= max_state_owners; ++i)
    state.ledger.owners[owner_of_cgroup(std::to_string(i))].kills = 1;
  const auto [text, left_out] = write_state(state);
  EXPECT_EQ(left_out, 1U);
  EXPECT_TRUE(parse_state(text));
  auto longer = text;
  const std::string records = "\"records\":" + std::to_string(max_state_owners);
  longer.replace(longer.find(records), records.size(),
                 "\"records\":" + std::to_string(max_state_owners + 1));
  EXPECT_EQ(parse_state(longer + "{\"kills\":1,\"owner\":{\"unit\":\"a\"}}\n"), std::nullopt);
}

TEST(State, LeavesOutALineThatIsTooLong) {
  SavedState state = full_state();
  state.ledger.unattributed['/' + std::string(70'000, 'a')] = 3;
  const auto [text, left_out] = write_state(state);
  EXPECT_EQ(left_out, 1U);
  auto expected = full_state();
  expected.ledger.forgotten += 3;
  EXPECT_EQ(parse_state(text), expected);
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
