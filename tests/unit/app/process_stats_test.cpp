// SPDX-License-Identifier: Apache-2.0
#include "app/process_stats.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace cgroup2::app {
namespace {

constexpr const char* stat =
    "8046 (a) R (b) R 7972 7972 1342 0 -1 4194304 99 0 0 0 150 50 0 0 20 0 3 0 1000 3133440 380 "
    "18446744073709551615 1 2\n";

TEST(ProcessStat, IsEmptyForWhatIsNoStat) {
  for (const char* text : {"", "1", "1 (a", "1 (a) R", "1 (a) R x y z\n"}) {
    const auto stats = parse_process_stat(text, 100, 4096);
    EXPECT_FALSE(stats.cpu_seconds) << text;
    EXPECT_FALSE(stats.resident_memory_bytes) << text;
  }
}

TEST(ProcessStat, SurvivesParenthesesInTheCommand) {
  const auto stats = parse_process_stat(stat, 100, 4096);
  EXPECT_EQ(stats.cpu_seconds, 2.0);
  EXPECT_EQ(stats.threads, 3);
  EXPECT_EQ(stats.start_seconds, 10);
  EXPECT_EQ(stats.virtual_memory_bytes, 3133440);
  EXPECT_EQ(stats.resident_memory_bytes, 380.0 * 4096);
}

TEST(ProcessStat, LeavesOutWhatIsNoNumber) {
  const auto stats =
      parse_process_stat("1 (a) R 1 1 1 0 -1 0 0 0 0 0 7 x 0 0 20 0 3 0 -5 1 y", 1, 1);
  EXPECT_FALSE(stats.cpu_seconds);
  EXPECT_EQ(stats.threads, 3);
  EXPECT_FALSE(stats.start_seconds);
  EXPECT_EQ(stats.virtual_memory_bytes, 1);
  EXPECT_FALSE(stats.resident_memory_bytes);
}

TEST(ProcessFamilies, LeaveOutWhatCouldNotBeRead) {
  EXPECT_TRUE(process_families({}, 1000).empty());
  ProcessStats stats;
  stats.threads = 3;
  stats.max_fds = 0;
  const auto families = process_families(stats, 1000);
  ASSERT_EQ(families.size(), 2U);
  EXPECT_EQ(families[0].name, "process_threads");
  EXPECT_EQ(families[0].samples.at(0).value, 3);
  EXPECT_EQ(families[1].name, "process_max_fds");
  EXPECT_EQ(families[1].samples.at(0).value, 0) << "0 was read";
}

TEST(ProcessFamilies, HaveATypeThatFitsTheirName) {
  const auto families = process_families({1, 2, 3, 4, 5, 6, 7}, 1000);
  EXPECT_EQ(families.size(), 7U);
  for (const auto& family : families) {
    EXPECT_TRUE(family.name.starts_with("process_")) << family.name;
    EXPECT_EQ(family.type == exposition::FamilyType::counter, family.name.ends_with("_total"))
        << family.name;
  }
}

TEST(ProcessFamilies, HaveTheStartInUnixTime) {
  ProcessStats stats;
  stats.start_seconds = 10.5;
  EXPECT_TRUE(process_families(stats, {}).empty()) << "the time of the boot is not known";
  const auto families = process_families(stats, 1000);
  ASSERT_EQ(families.size(), 1U);
  EXPECT_EQ(families[0].name, "process_start_time_seconds");
  EXPECT_EQ(families[0].samples.at(0).value, 1010.5);
}

TEST(Process, ReadsItself) {
  const auto stats = read_process_stats();
  EXPECT_GT(stats.resident_memory_bytes.value_or(0), 1e6);
  EXPECT_GT(stats.max_fds.value_or(0), 3);
  EXPECT_GT(stats.start_seconds.value_or(0), 0);
}

TEST(Process, CountsDescriptorsWithoutItsOwn) {
  const auto is_open = [](int fd) { return ::fcntl(fd, F_GETFD) >= 0; };
  int count = 0;
  for (int fd = 0; fd < 1024; ++fd) count += is_open(fd) ? 1 : 0;
  EXPECT_EQ(read_process_stats().open_fds, count);
}

}  // namespace
}  // namespace cgroup2::app
