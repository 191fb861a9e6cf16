// SPDX-License-Identifier: Apache-2.0
#include "oom/kernel_log.h"

#include <gtest/gtest.h>

#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::oom {
namespace {

constexpr std::string_view kill_line =
    "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,"
    "oom_memcg=/a b/c\"d,task_memcg=/a b/c\"d/e,task=tail,pid=104,uid=0";

TEST(OomKillLine, IsReadFromItsEnds) {
  const auto victim = parse_oom_kill(kill_line);
  ASSERT_TRUE(victim);
  EXPECT_EQ(victim->cgroup, "/a b/c\"d/e");
  EXPECT_EQ(victim->oom_cgroup, "/a b/c\"d");
  EXPECT_EQ(victim->constraint, "memcg");
  EXPECT_EQ(victim->comm, "tail");
  EXPECT_EQ(victim->pid, "104");
}

TEST(OomKillLine, MayHoldACommaOrAKeyInAName) {
  const auto victim = parse_oom_kill(
      "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/x,mems_allowed=0-1,global_oom,"
      "task_memcg=/a,pid=7,task=a,pid=9,pid=104,uid=0");
  ASSERT_TRUE(victim);
  EXPECT_EQ(victim->cgroup, "/a,pid=7");
  EXPECT_EQ(victim->comm, "a,pid=9");
  EXPECT_EQ(victim->pid, "104");
  EXPECT_EQ(victim->constraint, "none");
  EXPECT_EQ(victim->oom_cgroup, "");
}

TEST(OomKillLine, IsNoOtherLine) {
  for (const char* text : {"", "oom-kill:", "oom-kill:constraint=CONSTRAINT_MEMCG",
                           "oom-kill:constraint=,task_memcg=/a,task=b,pid=x,uid=0"})
    EXPECT_EQ(parse_oom_kill(text), std::nullopt) << text;
}

TEST(KilledProcessLine, AddsMemoryAndScore) {
  auto victim = *parse_oom_kill(kill_line);
  EXPECT_FALSE(
      add_killed_process("Out of memory: Killed process 1040 (tail) total-vm:1kB", victim));
  EXPECT_TRUE(add_killed_process(
      "Memory cgroup out of memory: Killed process 104 (tail) total-vm:66540kB, anon-rss:63484kB, "
      "file-rss:4kB, shmem-rss:2kB, UID:0 pgtables:164kB oom_score_adj:-998",
      victim));
  EXPECT_EQ(victim.rss_kib, "63490");
  EXPECT_EQ(victim.oom_score_adj, "-998");
}

TEST(KilledProcessLine, HasItsKeysBehindTheName) {
  auto victim = *parse_oom_kill(kill_line);
  EXPECT_TRUE(add_killed_process(
      "Out of memory: Killed process 104 (, anon-rss:9) total-vm:1kB, anon-rss:2kB", victim));
  EXPECT_EQ(victim.rss_kib, "2");
  EXPECT_EQ(victim.oom_score_adj, "");
}

TEST(KilledProcessLine, MayTellNothing) {
  auto victim = *parse_oom_kill(kill_line);
  EXPECT_TRUE(
      add_killed_process("Killed process 104 (tail) , anon-rss:99999999999999999999kB", victim));
  EXPECT_EQ(victim, parse_oom_kill(kill_line));
}

TEST(KmsgRecord, IsTheKernelsOnly) {
  EXPECT_EQ(parse_kmsg_record("6,1,2,-;text\n SUBSYSTEM=x\n"), "text");
  EXPECT_EQ(parse_kmsg_record("14,1,2,-;oom-kill:faked by a user\n"), std::nullopt);
  EXPECT_EQ(parse_kmsg_record("6,1,2,-;a\\x0ab\\\n"), "a\nb\\");
  EXPECT_EQ(parse_kmsg_record("no record"), std::nullopt);
}

TEST(KernelLog, TakesTheFirstThatIsToldOfAVictim) {
  const cgroup2::test::Tree tree{{"kmsg", "before the start"}};
  cgroup2::test::RecordingLog log;
  KernelLog kernel_log(tree.path("kmsg"), log);
  std::string text = "before the start";
  for (const std::string& line :
       {std::string(kill_line), std::string("Killed process 104 (tail) , anon-rss:9kB"),
        std::string("Killed process 104 (tail) , anon-rss:1kB"), std::string(kill_line)}) {
    std::string record = "6,1,2,-;" + line + '\n';
    record.resize(8192);  // one read(2) gives one record
    text += record;
  }
  tree.write("kmsg", text);
  const auto victims = kernel_log.read_new();
  ASSERT_EQ(victims.size(), 2U);
  EXPECT_EQ(victims[0].rss_kib, "9");
  EXPECT_EQ(victims[1], parse_oom_kill(kill_line));
}

TEST(KernelLog, SaysOnceThatItCannotBeRead) {
  cgroup2::test::RecordingLog log;
  KernelLog kernel_log("/nowhere/kmsg", log);
  EXPECT_TRUE(kernel_log.read_new().empty());
  EXPECT_EQ(log.lines().size(), 1U);
}

}  // namespace
}  // namespace cgroup2::oom
