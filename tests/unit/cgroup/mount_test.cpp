// SPDX-License-Identifier: Apache-2.0
#include "cgroup/mount.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "support/tree.h"

namespace cgroup2::cgroup {
namespace {

TEST(Mounts, FindsNothingInWhatIsNoMountinfo) {
  for (const char* text : {"", "\n", "garbage\n", "1 2 3 4 5 6 7 8\n",
                           "1 2 0:3 / /sys/fs/cgroup rw - cgroup2\n", "- - -\n"}) {
    EXPECT_TRUE(parse_mounts(text).v2.empty()) << text;
  }
}

TEST(Mounts, FindsThePureHierarchy) {
  const auto mounts = parse_mounts(
      "25 30 0:23 / /sys rw,nosuid - sysfs sysfs rw\n"
      "32 25 0:28 / /sys/fs/cgroup rw,nosuid,nodev shared:9 - cgroup2 cgroup2 "
      "rw,nsdelegate,memory_recursiveprot\n");
  ASSERT_EQ(mounts.v2.size(), 1U);
  EXPECT_EQ(mounts.v2[0].point, "/sys/fs/cgroup");
  EXPECT_EQ(mounts.v2[0].root, "/");
  EXPECT_EQ(mounts.v2[0].options, "rw,nsdelegate,memory_recursiveprot");
  EXPECT_FALSE(mounts.has_v1);
}

TEST(Mounts, TellsAHybridHost) {
  const auto mounts = parse_mounts(
      "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
      "40 31 0:37 / /sys/fs/cgroup/systemd rw,relatime - cgroup cgroup rw,name=systemd\n"
      "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n");
  ASSERT_EQ(mounts.v2.size(), 1U);
  EXPECT_TRUE(mounts.has_v1);
  EXPECT_EQ(mounts.v1_controllers, (std::vector<std::string>{"memory"}));
}

TEST(Mounts, TellsAHostWithV1Only) {
  const auto mounts =
      parse_mounts("35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n");
  EXPECT_TRUE(mounts.v2.empty());
  EXPECT_TRUE(mounts.has_v1);
}

TEST(Mounts, DecodesEscapes) {
  const auto mounts =
      parse_mounts("1 2 0:3 / /a\\040b\\011c\\012d\\134e\\0 rw - cgroup2 none rw\n");
  ASSERT_EQ(mounts.v2.size(), 1U);
  EXPECT_EQ(mounts.v2[0].point, "/a b\tc\nd\\e\\0");
}

TEST(Mounts, PutsTheWidestViewFirst) {
  const auto mounts = parse_mounts(
      "1 2 0:3 /a/b /narrow rw - cgroup2 none rw\n"
      "1 2 0:3 / /own rw - cgroup2 none rw\n"
      "1 2 0:3 /.. /up rw - cgroup2 none rw\n"
      "1 2 0:3 /../.. /host rw - cgroup2 none rw\n");
  ASSERT_EQ(mounts.v2.size(), 4U);
  EXPECT_EQ(mounts.v2[0].point, "/host");
  EXPECT_EQ(mounts.v2[1].point, "/up");
  EXPECT_EQ(mounts.v2[2].point, "/own");
  EXPECT_EQ(mounts.v2[3].point, "/narrow");
}

TEST(Mounts, AreReadBelowProcfs) {
  const test::Tree tree{
      {"self/mountinfo", "32 25 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n"}};
  const auto mounts = read_mounts(*base::Dir::open(tree.path()));
  ASSERT_TRUE(mounts);
  ASSERT_EQ(mounts->v2.size(), 1U);
  EXPECT_EQ(mounts->v2[0].options, "rw,nsdelegate");
}

TEST(Mounts, CannotBeReadWithoutTheFile) {
  const test::Tree tree{{"self/status", ""}};
  const auto mounts = read_mounts(*base::Dir::open(tree.path()));
  ASSERT_FALSE(mounts);
  EXPECT_EQ(mounts.error().code, ENOENT);
}

}  // namespace
}  // namespace cgroup2::cgroup
