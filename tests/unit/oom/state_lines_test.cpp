// SPDX-License-Identifier: Apache-2.0
#include "oom/state_lines.h"

#include <gtest/gtest.h>

#include <string>

namespace cgroup2::oom {
namespace {

Owner unit(const std::string& name) {
  Owner owner;
  owner.unit = name;
  return owner;
}

LedgerEntry entry() {
  LedgerEntry entry;
  entry.kills = 5;
  entry.dead_since = std::chrono::milliseconds(7);
  return entry;
}

// Reads a record that was changed from what would be written.
bool reads(std::string line, const std::string& from, const std::string& to) {
  EXPECT_NE(line.find(from), std::string::npos) << line;
  line.replace(line.find(from), from.size(), to);
  SavedState state;
  return read_record(line, state);
}

TEST(StateLines, AreForPeopleToRead) {
  EXPECT_EQ(line_of(unit("a"), entry()), R"({"dead_since":7,"kills":5,"owner":{"unit":"a"}})");
  EXPECT_EQ(line_of(unit("a"), {.starts = 2}), R"({"owner":{"unit":"a"},"starts":2})");
  EXPECT_EQ(line_of("/a\xff", 3), "{\"kills\":3,\"unattributed\":\"/a\u00ff\"}");
  EXPECT_EQ(line_of(9, {.parent = 8, .local = {.oom = 1}}), R"({"id":9,"oom":1,"parent":8})");
  SavedState state;
  state.boot_id = "b";
  EXPECT_EQ(line_of(state, {.records = 2, .forgotten = 1}),
            R"({"boot_id":"b","constraints":{},"counted":0,"forgotten":1,"records":2,"root":0,)"
            R"("version":4,"was_partial":false})");
}

TEST(StateLines, HaveAllLabelsOfAnOwner) {
  Owner owner;
  for (const auto& [name, value] : owner_labels) owner.*value = name;
  SavedState state;
  EXPECT_TRUE(read_record(line_of(owner, entry()), state));
  EXPECT_TRUE(state.ledger.owners.contains(owner));
}

TEST(StateLines, TakeNoNumberThatTheyWouldNotHave) {
  const auto line = line_of(unit("a"), entry());
  for (const char* number : {"-1", "1.5", "1e300", "1e999", "05", "true", "null", "\"1\"", "[]",
                             "18446744073709551616"}) {
    EXPECT_FALSE(reads(line, "5", number)) << number;
    EXPECT_FALSE(reads(line, "7", number)) << number;
    EXPECT_FALSE(reads(line_of(9, {.parent = 8}), "8", number)) << number;
    EXPECT_FALSE(reads(line_of(9, {.parent = 8}), "9", number)) << number;
    EXPECT_FALSE(reads(line_of("/a", 3), "3", number)) << number;
  }
  EXPECT_TRUE(reads(line, "5", "6"));
  EXPECT_FALSE(reads(line, "7", "18446744073709551615")) << "more milliseconds than there are";
}

TEST(StateLines, TakeNothingElse) {
  const auto line = line_of(unit("a"), entry());
  EXPECT_FALSE(reads(line, "\"kills\":5", "\"kills\":5,\"kills\":5"));
  EXPECT_FALSE(reads(line, "\"kills\":5,", ""));
  EXPECT_FALSE(reads(line, "\"a\"", "\"\\u0061\""));
  EXPECT_FALSE(reads(line, "{\"unit\":\"a\"}", "[[[[[[[[1]]]]]]]]"));
  SavedState state;
  for (const std::string& text :
       {std::string(), std::string("{}"), std::string("null"), std::string("[]"), std::string("1"),
        std::string(70'000, '['), ' ' + line, line + ' ', '{' + std::string(70'000, ' ') + '}',
        line_of("/", 0) + line})
    EXPECT_FALSE(read_record(text, state)) << text.substr(0, 40);
}

TEST(StateLines, TakeWhatALaterVersionAddsForNothing) {
  const auto later = [](std::string line) {
    for (std::size_t at = 0; (at = line.find('}', at)) != std::string::npos; at += 12)
      line.insert(at, std::string(line[at - 1] == '{' ? "" : ",") + R"("zone":[1])");
    return line;
  };
  LedgerEntry full = entry();
  full.memory.peak = 3;
  full.rise = {.from_bytes = 1, .within = std::chrono::milliseconds(2)};
  full.victim.comm = "c";
  SavedState state, read;
  EXPECT_EQ(read_head(later(line_of(state, {.records = 2})), read), std::nullopt)
      << "the names of constraints are values";
  auto head = line_of(state, {.records = 2});
  head.insert(head.size() - 1, R"(,"zone":{"owner":1})");
  EXPECT_EQ(read_head(head, read), 2U);
  EXPECT_TRUE(read_record(later(line_of(unit("a"), full)), read));
  EXPECT_TRUE(read_record(later(line_of("/a", 3)), read));
  EXPECT_TRUE(read_record(later(line_of(9, {.parent = 8})), read));
  state.ledger.owners[unit("a")] = full;
  state.ledger.unattributed["/a"] = 3;
  state.attribution.baselines[9].parent = 8;
  EXPECT_EQ(read, state);
}

TEST(StateLines, TakeNothingElseBesideWhatALaterVersionAdds) {
  const auto line = line_of(unit("a"), entry());
  const std::string more = R"("kills":5,"later":1)";
  EXPECT_TRUE(reads(line, "\"kills\":5", more));
  for (const char* kills : {R"("kills":-5)", R"("kills":true)", R"("kills":0)", R"("kills": 5)"})
    EXPECT_FALSE(reads(line, "\"kills\":5", kills + std::string(R"(,"later":1)"))) << kills;
  EXPECT_FALSE(reads(line, "\"kills\":5", more + R"(,"later":1)"));
  EXPECT_FALSE(reads(line, "\"kills\":5", more + ".5"));
  EXPECT_FALSE(reads(line, "\"kills\":5", R"("later":1)")) << "it has no counts";
}

TEST(StateLines, AddUpOwnersThatALaterVersionTellsApart) {
  SavedState state;
  LedgerEntry older = entry(), newer = entry();
  older.last_kill = std::chrono::milliseconds(1);
  older.by_limit = {1, 2, 0, 0};
  newer.last_kill = std::chrono::milliseconds(2);
  newer.by_limit = {0, 1, 0, 4};
  newer.dead_since = std::chrono::milliseconds(9);
  newer.victim.comm = "newer";
  const auto zone = [](std::string line) {
    line.insert(line.find(R"("unit")"), R"("a zone":"b",)");
    return line;
  };
  EXPECT_TRUE(read_record(zone(line_of(unit("a"), newer)), state));
  EXPECT_TRUE(read_record(line_of(unit("a"), older), state));
  ASSERT_EQ(state.ledger.owners.size(), 1U);
  LedgerEntry both = newer;
  both.kills = 10;
  both.by_limit = {1, 3, 0, 4};
  EXPECT_EQ(state.ledger.owners.at(unit("a")), both);
  both.dead_since = std::chrono::milliseconds(0);
  both.kills = 11;
  EXPECT_TRUE(read_record(line_of(unit("a"), {.kills = 1}), state));
  EXPECT_EQ(state.ledger.owners.at(unit("a")), both) << "one of them lives";
}

TEST(StateLines, TakeEachRecordOnce) {
  SavedState state;
  for (const auto& line : {line_of(unit("a"), entry()), line_of("/a", 3), line_of(9, Baseline())}) {
    EXPECT_TRUE(read_record(line, state));
    EXPECT_FALSE(read_record(line, state));
  }
}

TEST(StateLines, TakeTheFirstOnlyOfThisVersion) {
  SavedState state;
  const auto line = line_of(state, {.records = 2});
  EXPECT_EQ(read_head(line, state), 2U);
  for (const char* version : {"3", "5", "4.0", "-4", "\"4\"", "true"}) {
    auto changed = line;
    changed.replace(changed.find(":4,"), 3, ':' + std::string(version) + ',');
    EXPECT_EQ(read_head(changed, state), std::nullopt) << version;
  }
  for (const char* text : {"", "[]", "{}", "null"}) EXPECT_EQ(read_head(text, state), std::nullopt);
}

TEST(StateLines, TakeFewConstraints) {
  SavedState state;
  for (int i = 0; i < 17; ++i) state.ledger.constraints[std::to_string(i)] = 1;
  SavedState read;
  EXPECT_EQ(read_head(line_of(state, {}), read), std::nullopt);
}

}  // namespace
}  // namespace cgroup2::oom
