// SPDX-License-Identifier: Apache-2.0
#include "machine/statfs.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "support/tree.h"

namespace cgroup2::machine {
namespace {

std::uint64_t device_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_dev : 0;
}

TEST(AskFilesystems, SaysHowFullTheyAre) {
  const test::Tree tree;
  struct statvfs before {};
  ASSERT_EQ(::statvfs(tree.path().c_str(), &before), 0);
  const auto answer = ask_filesystems(
      {{.device = "/dev/a\nb", .number = device_of(tree.path()), .points = {tree.path()}}});
  ASSERT_EQ(answer.size(), 1U);
  EXPECT_EQ(answer[0].device, "/dev/a%0Ab");
  EXPECT_EQ(answer[0].capacity, before.f_blocks * before.f_frsize);
  EXPECT_EQ(answer[0].inodes, before.f_files);
  EXPECT_GT(answer[0].free, 0U);
  EXPECT_LE(answer[0].free, answer[0].capacity);
  EXPECT_LE(answer[0].free_inodes, answer[0].inodes);
}

TEST(AskFilesystems, GoesOnWhereAnotherOneCoversAPlace) {
  const test::Tree tree;
  const auto number = device_of(tree.path());
  ASSERT_NE(number, device_of("/proc"));
  EXPECT_TRUE(ask_filesystems({{.device = "a", .number = number, .points = {"/proc"}}}).empty());
  EXPECT_EQ(ask_filesystems({{.device = "gone", .number = number, .points = {"/proc", "/none"}},
                             {.device = "b", .number = number, .points = {"/none", tree.path()}}})
                .size(),
            1U);
}

TEST(AskFilesystems, FollowsNoLink) {
  const test::Tree tree;
  tree.link("link", "/dev");
  const auto number = device_of("/dev");
  ASSERT_NE(number, device_of(tree.path()));
  EXPECT_EQ(ask_filesystems({{.device = "a", .number = number, .points = {"/dev"}}}).size(), 1U);
  EXPECT_TRUE(
      ask_filesystems({{.device = "a", .number = number, .points = {tree.path("link")}}}).empty());
}

TEST(AskFilesystems, AsksAFileSystemWithNumbersOfItsOwnIfItCannotHang) {
  const test::Tree tree;
  EXPECT_EQ(ask_filesystems(
                {{.device = "a", .number = 1, .has_own_numbers = true, .points = {tree.path()}}})
                .size(),
            1U);
}

TEST(AskFilesystems, LeavesOutWhatHasNoCapacity) {
  EXPECT_TRUE(ask_filesystems({{.device = "a", .number = device_of("/proc"), .points = {"/proc"}}})
                  .empty());
}

}  // namespace
}  // namespace cgroup2::machine
