// SPDX-License-Identifier: Apache-2.0
#include "oom/kernel_log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::oom {
namespace {

constexpr std::string_view kill_line =
    "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,"
    "oom_memcg=/a b/c\"d,task_memcg=/a b/c\"d/e,task=tail,pid=104,uid=0";

// Knows these cgroups and no other.
IsKnown knows(std::set<std::string, std::less<>> paths) {
  return [paths = std::move(paths)](std::string_view path) { return paths.contains(path); };
}

const IsKnown is_known = knows({"/a b/c\"d", "/a b/c\"d/e"});

// What is certain of a record without a memory limit.
std::optional<Victim> parse_names(const std::string& names, const IsKnown& known) {
  return parse_oom_kill(
      "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=x,"
      "mems_allowed=0,global_oom" +
          names + ",pid=104,uid=0",
      known);
}

TEST(OomKillLine, NamesTheVictim) {
  const auto victim = parse_oom_kill(kill_line, is_known);
  ASSERT_TRUE(victim);
  EXPECT_EQ(victim->cgroup, "/a b/c\"d/e");
  EXPECT_EQ(victim->oom_cgroup, "/a b/c\"d");
  EXPECT_EQ(victim->constraint, "memcg");
  EXPECT_EQ(victim->comm, "tail");
  EXPECT_EQ(victim->pid, "104");
}

TEST(OomKillLine, MayHoldACommaOrAKeyInAName) {
  const auto victim = parse_names(",task_memcg=/a,pid=7,task=a,pid=9,uid=0", knows({"/a,pid=7"}));
  ASSERT_TRUE(victim);
  EXPECT_EQ(victim->cgroup, "/a,pid=7");
  EXPECT_EQ(victim->comm, "a,pid=9,uid=0");
  EXPECT_EQ(victim->pid, "104");
  EXPECT_EQ(victim->constraint, "none");
  EXPECT_EQ(victim->oom_cgroup, "");
}

TEST(OomKillLine, IsNobodysWhereANameImitatesAnotherCgroup) {
  const std::string path = "/user/x,global_oom,task_memcg=/pod";
  const std::string names = ",task_memcg=" + path + ",task=tail";
  EXPECT_EQ(*parse_names(names, knows({"/user", path, "/pod"})),
            (Victim{.constraint = "none", .pid = "104"}));
  EXPECT_EQ(parse_names(names, knows({"/user", path}))->cgroup, path);
}

TEST(OomKillLine, IsNobodysWhereTheCgroupThatImitatesAnotherIsNotKnown) {
  const std::string names = ",task_memcg=/user/x,global_oom,task_memcg=/pod,task=tail";
  EXPECT_EQ(*parse_names(names, knows({"/user", "/pod"})),
            (Victim{.constraint = "none", .pid = "104"}));
  EXPECT_EQ(parse_names(names, knows({"/pod"}))->cgroup, "/pod") << "no tree called /user";
  const std::string limits =
      "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,"
      "oom_memcg=/u/x,oom_memcg=/pod,task_memcg=/pod,task=tail,pid=104,uid=0";
  EXPECT_EQ(parse_oom_kill(limits, knows({"/u", "/pod"}))->cgroup, "");
}

TEST(OomKillLine, OfAnotherConstraintHasNoKeyOfALimit) {
  const auto known = knows({"/a"});
  EXPECT_EQ(parse_names(",oom_memcg=/a,task_memcg=/a,task=tail", known)->cgroup, "");
}

TEST(OomKillLine, IsNobodysWhereANameImitatesALimitOrAProcess) {
  const std::string limits =
      "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,"
      "oom_memcg=/u/x,oom_memcg=/pod,task_memcg=/u/x,oom_memcg=/pod/a,task=tail,pid=104,uid=0";
  const auto victim = parse_oom_kill(
      limits, knows({"/u/x,oom_memcg=/pod", "/u/x,oom_memcg=/pod/a", "/pod", "/pod/a"}));
  EXPECT_EQ(*victim, (Victim{.constraint = "memcg", .pid = "104"}));

  const auto known = knows({"/u/a", "/u/a,task=b"});
  EXPECT_EQ(parse_names(",task_memcg=/u/a,task=b,task=c", known)->cgroup, "");
  EXPECT_EQ(parse_names(",task_memcg=/u/a,task=b,task=is longer than 15", known)->cgroup, "");
}

TEST(OomKillLine, IsNobodysWithoutAKnownCgroup) {
  for (const char* names : {",task_memcg=/gone,task=tail", ",task_memcg=,task=tail", ",task=tail",
                            ",x,task_memcg=/a,task=tail", ""})
    EXPECT_EQ(*parse_names(names, knows({"/a", ""})), (Victim{.constraint = "none", .pid = "104"}));
  const auto limit_is_gone = parse_oom_kill(kill_line, knows({"/a b/c\"d/e"}));
  EXPECT_EQ(*limit_is_gone, (Victim{.constraint = "memcg", .pid = "104"}));
}

TEST(OomKillLine, IsNoOtherLine) {
  for (const char* text : {"", "oom-kill:", "oom-kill:constraint=CONSTRAINT_MEMCG",
                           "oom-kill:constraint=,task_memcg=/a,task=b,pid=x,uid=0"})
    EXPECT_EQ(parse_oom_kill(text, is_known), std::nullopt) << text;
}

TEST(LimitOfVictim, IsUnknownWithoutItsCgroup) {
  EXPECT_EQ(limit_of({.constraint = "memcg"}), std::nullopt);
  EXPECT_EQ(limit_of({.cgroup = "/a", .constraint = "none"}), Limit::none);
}

TEST(KilledProcessLine, AddsMemoryAndScore) {
  auto victim = *parse_oom_kill(kill_line, is_known);
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
  auto victim = *parse_oom_kill(kill_line, is_known);
  EXPECT_TRUE(add_killed_process(
      "Out of memory: Killed process 104 (, anon-rss:9) total-vm:1kB, anon-rss:2kB", victim));
  EXPECT_EQ(victim.rss_kib, "2");
  EXPECT_EQ(victim.oom_score_adj, "");
}

TEST(KilledProcessLine, MayTellNothing) {
  auto victim = *parse_oom_kill(kill_line, is_known);
  EXPECT_TRUE(
      add_killed_process("Killed process 104 (tail) , anon-rss:99999999999999999999kB", victim));
  EXPECT_EQ(victim, parse_oom_kill(kill_line, is_known));
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
  const auto victims = kernel_log.read_new(is_known);
  ASSERT_EQ(victims.size(), 2U);
  EXPECT_EQ(victims[0].rss_kib, "9");
  EXPECT_EQ(victims[1], parse_oom_kill(kill_line, is_known));
}

// In a child, because its standard input is another one.
TEST(KernelLog, OfStandardInputIsNotOpenedAnew) {
  const cgroup2::test::Tree tree{{"kmsg", "before the start"}};
  const auto is_as_expected = [&] {
    const int file = ::open(tree.path("kmsg").c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0 || ::dup2(file, STDIN_FILENO) != STDIN_FILENO) return false;
    cgroup2::test::RecordingLog log;
    KernelLog kernel_log("/dev/stdin", log);
    // The position and the flags belong to what was open, so they change there.
    const bool is_the_same = ::lseek(STDIN_FILENO, 0, SEEK_CUR) == 16 &&
                             (::fcntl(STDIN_FILENO, F_GETFL) & O_NONBLOCK) != 0;
    tree.write("kmsg", "before the start6,1,2,-;" + std::string(kill_line) + '\n');
    return is_the_same && log.lines().empty() && kernel_log.read_new(is_known).size() == 1;
  };
  EXPECT_EXIT(std::_Exit(is_as_expected() ? 0 : 1), testing::ExitedWithCode(0), "");
}

TEST(KernelLog, OfNoStandardInputSaysThatItCannotBeRead) {
  const auto is_said = [] {
    cgroup2::test::RecordingLog log;
    const KernelLog kernel_log("/dev/stdin", log);
    return !kernel_log.is_open() && log.lines().size() == 1;
  };
  const auto is_said_of_null = [&] {
    const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    return ::dup2(null, STDIN_FILENO) == STDIN_FILENO && is_said();
  };
  EXPECT_EXIT(std::_Exit(is_said_of_null() ? 0 : 1), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(std::_Exit(::close(STDIN_FILENO) == 0 && is_said() ? 0 : 1),
              testing::ExitedWithCode(0), "");
}

TEST(KernelLog, SaysOnceThatItCannotBeRead) {
  cgroup2::test::RecordingLog log;
  KernelLog kernel_log("/nowhere/kmsg", log);
  EXPECT_TRUE(kernel_log.read_new(is_known).empty());
  EXPECT_EQ(log.lines().size(), 1U);
}

}  // namespace
}  // namespace cgroup2::oom
