// SPDX-License-Identifier: Apache-2.0
#include "base/procfs.h"

#include <gtest/gtest.h>

namespace cgroup2::base {
namespace {

TEST(Value, IsWhatFollowsTheKeyOnItsLine) {
  const std::string_view text = "Name:\tbench\n\nNSpid:\t4711\t1\nbtime 12\n";
  EXPECT_EQ(find_value(text, "Name"), "\tbench");
  EXPECT_EQ(find_value(text, "NSpid"), "\t4711\t1");
  EXPECT_EQ(find_value(text, "btime"), " 12");
}

TEST(Value, IsOfTheFirstLineWithTheKey) { EXPECT_EQ(find_value("a 1\na 2\n", "a"), " 1"); }

TEST(Value, IsEmptyBehindAKeyAlone) { EXPECT_EQ(find_value("a:\nb", "a"), ""); }

TEST(Value, IsNothingWithoutTheKey) {
  for (const char* text : {"", "\n", "oom 1\n", "oom_kills 1\n", "x oom_kill 1\n", ":\n"})
    EXPECT_EQ(find_value(text, "oom_kill"), std::nullopt) << text;
}

TEST(NumberOfAKey, IsTheFirstTokenBehindIt) {
  EXPECT_EQ(find_number("oom 1\noom_kill 3 4\n", "oom_kill"), 3U);
  EXPECT_EQ(find_number("Threads:\t7\n", "Threads"), 7U);
}

TEST(NumberOfAKey, IsNothingWhereThereIsNone) {
  for (const char* text : {"", "a\n", "a \n", "a x\n", "a -1\n", "b 1\n"})
    EXPECT_EQ(find_number(text, "a"), std::nullopt) << text;
}

TEST(Size, IsInBytes) {
  EXPECT_EQ(parse_size("  1009464 kB"), 1009464U * 1024);
  EXPECT_EQ(parse_size(" 5"), 5U);
  EXPECT_EQ(parse_size("18014398509481983 kB"), 18014398509481983U * 1024);
}

TEST(Size, RefusesWhatIsNone) {
  for (const char* text : {"", "x kB", "-1 kB", "1 MB", "18014398509481984 kB"})
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
}

TEST(TotalMemory, IsTheSizeOfMemTotal) {
  EXPECT_EQ(find_total_memory("MemTotal:        1009464 kB\nMemFree: 1 kB\n"), 1009464U * 1024);
  EXPECT_EQ(find_total_memory("MemFree: 1 kB\nMemTotal: 2 kB\n"), 2048U);
}

TEST(TotalMemory, IsNothingWithoutASize) {
  for (const char* text : {"", "MemFree: 1 kB\n", "MemTotal:\n", "MemTotal: x kB\n"})
    EXPECT_EQ(find_total_memory(text), std::nullopt) << text;
}

TEST(StatField, IsCountedFromTheLastParenthesis) {
  for (const char* stat : {"7 (a) S 1 22 333", "7 (a) R 5 (b) S 1 22 333", "7 () S 1 22 333",
                           "7 (a\nb)) S 1 22 333"}) {
    EXPECT_EQ(find_stat_field(stat, 3), "S") << stat;
    EXPECT_EQ(find_stat_field(stat, 4), "1") << stat;
    EXPECT_EQ(find_stat_field(stat, 6), "333") << stat;
    EXPECT_EQ(find_stat_field(stat, 7), std::nullopt) << stat;
  }
}

TEST(StatField, IsNothingBeforeTheStateOrWithoutAName) {
  EXPECT_EQ(find_stat_field("7 (a) S 1", 2), std::nullopt);
  for (const char* stat : {"", "7 a S 1", "7 (a", "7 (a)"})
    EXPECT_EQ(find_stat_field(stat, 3), std::nullopt) << stat;
}

}  // namespace
}  // namespace cgroup2::base
