// SPDX-License-Identifier: Apache-2.0
#include "base/pid_list.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "base/read_errors.h"
#include "support/tree.h"

namespace cgroup2::base {
namespace {

std::string read(const std::string& procs, std::size_t size) {
  const test::Tree tree{{"cgroup.procs", procs}};
  std::string buffer(size, '\0');
  const auto pids = read_pids(*Dir::open(tree.path()), buffer);
  return pids ? std::string(*pids) : errno_name(pids.error().code);
}

TEST(ReadPids, ReadsTheWholeListWhereItFits) { EXPECT_EQ(read("100\n20\n", 16), "100\n20\n"); }

TEST(ReadPids, LeavesOutALineThatMayHaveLostDigits) { EXPECT_EQ(read("100\n2000\n", 6), "100\n"); }

TEST(ReadPids, SaysWhyThereIsNoList) {
  const test::Tree tree;
  char buffer[16];
  const auto pids = read_pids(*Dir::open(tree.path()), buffer);
  ASSERT_FALSE(pids);
  EXPECT_EQ(pids.error().code, ENOENT);
}

TEST(ReadAllPids, ReadsTheWholeListIntoABufferThatGrows) {
  std::string text = "7\n";
  for (int pid = 10'000; pid < 20'000; ++pid) text += std::to_string(pid) + "\n";
  const test::Tree tree{{"cgroup.procs", text}};
  const auto cgroup = Dir::open(tree.path());
  std::vector<char> buffer;
  const auto list = read_all_pids(*cgroup, buffer);
  ASSERT_TRUE(list);
  EXPECT_EQ(*list, text);
  const auto size = buffer.size();
  tree.write("cgroup.procs", "8\n");
  EXPECT_EQ(*read_all_pids(*cgroup, buffer), "8\n");
  EXPECT_EQ(buffer.size(), size) << "kept for the next list";
}

TEST(ReadAllPids, SaysWhyThereIsNoList) {
  const test::Tree tree;
  const auto cgroup = Dir::open(tree.path());
  std::vector<char> buffer;
  EXPECT_EQ(read_all_pids(*cgroup, buffer).error().code, ENOENT);
  tree.write("cgroup.procs", std::string((1 << 20) - 1, '\n'));
  EXPECT_TRUE(read_all_pids(*cgroup, buffer));
  tree.write("cgroup.procs", std::string(1 << 20, '\n'));
  EXPECT_EQ(read_all_pids(*cgroup, buffer).error().code, EFBIG);
}

TEST(AppendPids, TakesTheNumbersAlone) {
  std::vector<std::uint64_t> pids{1};
  append_pids("7\nx\n\n0\n8\n", pids);
  EXPECT_EQ(pids, (std::vector<std::uint64_t>{1, 7, 0, 8}));
}

TEST(IsListed, FindsWholeNumbersAlone) {
  EXPECT_TRUE(is_listed("100\n20\n", 20));
  EXPECT_FALSE(is_listed("100\n20\n", 10));
  EXPECT_FALSE(is_listed("", 0));
}

TEST(OpenProcess, OpensTheDirectoryOfThePid) {
  const test::Tree tree{{"4711/stat", "x"}};
  const auto procfs = Dir::open(tree.path());
  EXPECT_TRUE(open_process(*procfs, 4711));
  EXPECT_EQ(open_process(*procfs, 4712).error().code, ENOENT);
}

}  // namespace
}  // namespace cgroup2::base
