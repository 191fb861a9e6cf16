// SPDX-License-Identifier: Apache-2.0
#include "base/cgroup_path.h"

#include <gtest/gtest.h>

namespace cgroup2::base {
namespace {

TEST(CgroupPath, OfAChildHasOneSlashMore) {
  EXPECT_EQ(child_path("/", "a"), "/a");
  EXPECT_EQ(child_path("/a", "b"), "/a/b");
}

TEST(CgroupPath, IsBelowWhatIsAboveIt) {
  EXPECT_TRUE(is_below("/a", "/"));
  EXPECT_TRUE(is_below("/a/b", "/"));
  EXPECT_TRUE(is_below("/a/b", "/a"));
  EXPECT_TRUE(is_below("/a/b/c", "/a"));
}

TEST(CgroupPath, IsNotBelowItselfNorBelowASibling) {
  EXPECT_FALSE(is_below("/", "/"));
  EXPECT_FALSE(is_below("/a", "/a"));
  EXPECT_FALSE(is_below("/ab", "/a"));
  EXPECT_FALSE(is_below("/a", "/a/b"));
  EXPECT_FALSE(is_below("/b/a", "/a"));
}

TEST(CgroupPath, IsAChildOfTheOneRightAboveIt) {
  EXPECT_TRUE(is_child("/a", "/"));
  EXPECT_TRUE(is_child("/a/b", "/a"));
  EXPECT_FALSE(is_child("/a/b", "/"));
  EXPECT_FALSE(is_child("/a/b/c", "/a"));
  EXPECT_FALSE(is_child("/", "/"));
  EXPECT_FALSE(is_child("/a", "/a"));
  EXPECT_FALSE(is_child("/b/a", "/a"));
}

}  // namespace
}  // namespace cgroup2::base
