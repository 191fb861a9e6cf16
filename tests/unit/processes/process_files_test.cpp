// SPDX-License-Identifier: Apache-2.0
#include "processes/process_files.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

#include "base/fd.h"
#include "support/tree.h"
#include "support/unprivileged.h"

namespace cgroup2::processes {
namespace {

using test::Tree;

const std::string limits =
    "Limit                     Soft Limit           Hard Limit           Units     \n"
    "Max processes             unlimited            127393               processes \n"
    "Max open files            1024                 524288               files     \n";

TEST(ParseSoftLimit, ReadsTheFirstNumberOfTheRow) {
  EXPECT_EQ(parse_soft_limit(limits, "Max open files"), 1024U);
}

TEST(ParseSoftLimit, HasNothingWithoutALimitOrARow) {
  EXPECT_EQ(parse_soft_limit(limits, "Max processes"), std::nullopt);
  EXPECT_EQ(parse_soft_limit(limits, "Max nice priority"), std::nullopt);
  EXPECT_EQ(parse_soft_limit(limits, "Max open"), std::nullopt) << "another row";
  EXPECT_EQ(parse_soft_limit("Max open files", "Max open files"), std::nullopt);
  EXPECT_EQ(parse_soft_limit("Max open files ", "Max open files"), std::nullopt);
  EXPECT_EQ(parse_soft_limit("", "Max open files"), std::nullopt);
}

TEST(CountOpenFiles, TellsSocketsFromFiles) {
  const Tree tree;
  tree.link("fd/0", "/dev/null");
  tree.link("fd/1", "socket:[4711]");
  tree.link("fd/2", "pipe:[4712]");
  tree.link("fd/3", "/a/socket:[1]");
  tree.link("fd/4", "/" + std::string(200, 'x'));
  const auto found = count_open_files(*base::Dir::open(tree.path()), 5);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->files, 5U);
  EXPECT_EQ(found->sockets, 1U);
  EXPECT_EQ(count_open_files(*base::Dir::open(tree.path()), 4).error().code, EFBIG);
}

TEST(CountOpenFiles, SaysWhyItCannot) {
  const Tree tree;
  EXPECT_EQ(count_open_files(*base::Dir::open(tree.path()), 9).error().code, ENOENT);
  tree.link("fd/0", "/dev/null");
  std::filesystem::permissions(tree.path("fd"), std::filesystem::perms::owner_exec);
  const auto process = base::Dir::open(tree.path());
  const test::Unprivileged nobody;
  EXPECT_EQ(count_open_files(*process, 9).error().code, EACCES);
}

TEST(CountOpenFiles, CountsThoseOfARealProcess) {
  const auto self = base::Dir::open("/proc/self");
  const auto before = count_open_files(*self, 1000);
  const base::Fd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const auto after = count_open_files(*self, 1000);
  ASSERT_TRUE(before && after);
  EXPECT_EQ(after->files, before->files + 1);
  EXPECT_EQ(after->sockets, before->sockets + 1);
}

TEST(SizeOfOpenFiles, GrowsWithEachWhereTheKernelStatesIt) {
  const auto procfs = base::Dir::open("/proc");
  if (!states_open_files(*procfs)) GTEST_SKIP() << "before Linux 6.2";
  const auto self = base::Dir::open("/proc/self");
  const auto before = size_of_open_files(*self);
  const base::Fd more(::dup(0));
  EXPECT_EQ(*size_of_open_files(*self), *before + 1);
}

TEST(SizeOfOpenFiles, IsNotTakenFromAnotherFileSystem) {
  const Tree tree{{"self/fd/", ""}};
  const auto dir = base::Dir::open(tree.path());
  EXPECT_FALSE(states_open_files(*dir));
  EXPECT_FALSE(states_open_files(base::Dir()));
  EXPECT_EQ(size_of_open_files(*dir).error().code, ENOENT);
}

}  // namespace
}  // namespace cgroup2::processes
