// SPDX-License-Identifier: Apache-2.0
#include "identity/first_start.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <ctime>
#include <string>

#include "base/fd.h"
#include "support/tree.h"

namespace cgroup2::identity {
namespace {

using test::Tree;

std::string stat_of(std::uint64_t start, const std::string& name = "app") {
  return "100 (" + name + ") S 1 100 100 0 -1 4194560 120 0 3 0 1 2 0 0 20 0 1 0 " +
         std::to_string(start) + " 2600960 300 18446744073709551615 1 1 0 0 0 0 0\n";
}

std::optional<std::uint64_t> read(const Tree& tree) {
  return read_first_start(*base::Dir::open(tree.path("cgroup")),
                          *base::Dir::open(tree.path("proc")));
}

TEST(ParseStart, ReadsField22) {
  EXPECT_EQ(parse_start(stat_of(8901)), 8901U);
  EXPECT_EQ(parse_start(stat_of(0)), 0U);
}

TEST(ParseStart, CountsFromTheLastParenthesisWhateverTheCommandIsCalled) {
  for (const char* name : {") R 1 ", "a) S 1 (b", "(((", ")))", "a\nb", "", "5 6 7 8"})
    EXPECT_EQ(parse_start(stat_of(77, name)), 77U) << name;
}

TEST(ParseStart, TakesNothingOfAnotherForm) {
  const std::string whole = stat_of(8901);
  for (const std::string& text :
       {std::string(), std::string("100 app S 1"), std::string("100 (app"),
        std::string("100 (app)"), whole.substr(0, whole.find(" 8901")),
        std::string("1 (a) ") + std::string(19, 'x')})
    EXPECT_EQ(parse_start(text), std::nullopt) << text;
  EXPECT_EQ(parse_start("1 (a) S 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 -5 0"), std::nullopt);
}

TEST(ReadFirstStart, TakesTheOldestWhateverItsPidAndPlace) {
  const Tree tree{{"cgroup/cgroup.procs", "30000\n100\n200\n"},
                  {"proc/30000/stat", stat_of(500)},
                  {"proc/100/stat", stat_of(900)},
                  {"proc/200/stat", stat_of(400)}};
  EXPECT_EQ(read(tree), 400U);
}

TEST(ReadFirstStart, SkipsProcessesThatAreGoneHiddenOrOutsideOfThePidNamespace) {
  const Tree tree{{"cgroup/cgroup.procs", "0\nx\n100\n200\n300\n"},
                  {"proc/0/stat", stat_of(1)},
                  {"proc/200/", ""},
                  {"proc/300/stat", stat_of(900)}};
  EXPECT_EQ(read(tree), 900U);
}

TEST(ReadFirstStart, LooksAtTheEightThatJoinedFirst) {
  std::string pids;
  Tree tree{{"cgroup/", ""}};
  for (int pid = 101; pid <= 109; ++pid) {
    pids += std::to_string(pid) + "\n";
    tree.write("proc/" + std::to_string(pid) + "/stat", stat_of(1000 - static_cast<unsigned>(pid)));
  }
  tree.write("cgroup/cgroup.procs", pids);
  EXPECT_EQ(read(tree), 1000U - 108);
}

TEST(ReadFirstStart, HasNothingWithoutProcesses) {
  EXPECT_EQ(read(Tree{{"cgroup/", ""}, {"proc/", ""}}), std::nullopt);
  EXPECT_EQ(read(Tree{{"cgroup/cgroup.procs", ""}, {"proc/", ""}}), std::nullopt);
  EXPECT_EQ(read(Tree{{"cgroup/cgroup.procs", "100\n"}, {"proc/", ""}}), std::nullopt);
}

TEST(ReadFirstStart, DoesNotBelieveAPidThatLeftTheCgroup) {
  // A FIFO gives its content once, as in member_test.cpp.
  const Tree tree{{"cgroup/", ""}, {"proc/100/stat", stat_of(5)}};
  const auto path = tree.path("cgroup/cgroup.procs");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const base::Fd keeps_content(::open(path.c_str(), O_RDONLY | O_NONBLOCK));
  {
    const base::Fd writer(::open(path.c_str(), O_WRONLY | O_NONBLOCK));
    ASSERT_EQ(::write(writer.number(), "100\n", 4), 4);
  }
  EXPECT_EQ(read(tree), std::nullopt);
}

TEST(ReadFirstStart, FindsTheStartOfARealProcess) {
  const Tree tree{{"cgroup/cgroup.procs", std::to_string(::getpid()) + "\n"}};
  const auto start =
      read_first_start(*base::Dir::open(tree.path("cgroup")), *base::Dir::open("/proc"));
  ASSERT_TRUE(start);
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &now);
  const auto began = static_cast<double>(*start) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  EXPECT_LE(began, static_cast<double>(now.tv_sec) + 1);
  EXPECT_GT(began, static_cast<double>(now.tv_sec) - 120);
}

}  // namespace
}  // namespace cgroup2::identity
