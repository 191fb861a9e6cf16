// SPDX-License-Identifier: Apache-2.0
#include "sandbox/landlock.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "sandboxed.h"
#include "support/tree.h"

namespace cgroup2::sandbox {
namespace {

using test::can_open;
using test::in_child;

class LandlockTest : public testing::Test {
 protected:
  void SetUp() override {
    if (in_child([] { return restrict_files({}); }) != 0)
      GTEST_SKIP() << "the kernel has no Landlock";
  }
  // Returns what `attempt` does under the rules; 2 if these cannot be set.
  int under(const FileRules& rules, const std::function<bool()>& attempt) const {
    return in_child([&] { return restrict_files(rules) == 0 ? int{attempt()} : 2; });
  }

  cgroup2::test::Tree tree_{{"state/oom.json", ""}, {"read/a", ""}, {"other/b", ""}};
  const FileRules rules_{.readable = {tree_.path("read"), "/nowhere"},
                         .writable = {tree_.path("state")}};
};

TEST_F(LandlockTest, OpensNothingWithoutRules) {
  for (const auto& path : {tree_.path("read/a"), tree_.path("read"), std::string("/etc/shadow")}) {
    EXPECT_EQ(under({}, [&] { return can_open(path); }), 0) << path;
    EXPECT_EQ(under(rules_, [&] { return can_open(path); }), path.starts_with(tree_.path("read")));
  }
}

TEST_F(LandlockTest, ReadsWhatMayBeReadAndWritesNothingThere) {
  EXPECT_EQ(under(rules_, [&] { return can_open(tree_.path("read/a")); }), 1);
  EXPECT_EQ(under(rules_, [&] { return can_open(tree_.path("read/a"), O_WRONLY); }), 0);
  EXPECT_EQ(under(rules_, [&] { return can_open(tree_.path("read/c"), O_WRONLY | O_CREAT); }), 0);
  EXPECT_EQ(under(rules_, [&] { return ::unlink(tree_.path("read/a").c_str()) == 0; }), 0);
}

TEST_F(LandlockTest, OpensNothingOutside) {
  EXPECT_EQ(under(rules_, [&] { return can_open(tree_.path("other/b")); }), 0);
  EXPECT_EQ(under(rules_, [&] { return can_open(tree_.path("other/c"), O_WRONLY | O_CREAT); }), 0);
  EXPECT_EQ(under({}, [&] { return can_open("/etc/passwd"); }), 0);
}

TEST_F(LandlockTest, ReplacesFilesWhereThatIsAllowed) {
  const auto path = tree_.path("state/oom.json");
  EXPECT_EQ(under(rules_,
                  [&] {
                    return can_open(path + ".new", O_WRONLY | O_CREAT | O_EXCL) &&
                           ::rename((path + ".new").c_str(), path.c_str()) == 0 && can_open(path) &&
                           ::unlink(path.c_str()) == 0;
                  }),
            1);
}

TEST_F(LandlockTest, WritesFilesThatAreThereWhereThatIsAllowed) {
  const FileRules rules{.changeable = {tree_.path("read")}};
  EXPECT_EQ(under(rules, [&] { return can_open(tree_.path("read/a"), O_RDWR); }), 1);
  EXPECT_EQ(under(rules, [&] { return can_open(tree_.path("read/c"), O_RDWR | O_CREAT); }), 0);
  EXPECT_EQ(under(rules, [&] { return ::unlink(tree_.path("read/a").c_str()) == 0; }), 0);
  EXPECT_EQ(under(rules, [&] { return can_open(tree_.path("state/oom.json"), O_RDWR); }), 0);
  EXPECT_EQ(under(rules, [&] { return can_open(tree_.path("read"), O_RDONLY); }), 0);
}

TEST_F(LandlockTest, AllowsASingleFile) {
  const FileRules rules{.readable = {tree_.path("other/b")}};
  EXPECT_EQ(under(rules, [&] { return can_open(tree_.path("other/b")); }), 1);
  EXPECT_EQ(under(rules, [&] { return can_open(tree_.path("read/a")); }), 0);
}

}  // namespace
}  // namespace cgroup2::sandbox
