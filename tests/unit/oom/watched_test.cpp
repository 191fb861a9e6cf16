// SPDX-License-Identifier: Apache-2.0
#include "oom/watched.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "support/tree.h"

namespace cgroup2::oom {
namespace {

class WatchedTest : public testing::Test {
 protected:
  [[nodiscard]] std::uint64_t id_of(const std::string& name) const {
    return *base::Dir::open(tree_.path(name))->inode();
  }

  test::Tree tree_{{"a/memory.events.local", "oom 1\noom_kill 2\n"},
                   {"a/b/memory.events.local", "oom_kill 0\n"},
                   {"a/c/memory.max", "max\n"},
                   {"file", ""}};
  base::Dir root_ = std::move(*base::Dir::open(tree_.path()));
  base::Inotify inotify_;
};

TEST_F(WatchedTest, OpensTheRootAndWhatIsBelow) {
  EXPECT_EQ(*open_below(root_, "/", 0)->inode(), *root_.inode());
  EXPECT_EQ(*open_below(root_, "/a/b", 0)->inode(), id_of("a/b"));
  EXPECT_EQ(*open_below(root_, "/a/b", id_of("a/b"))->inode(), id_of("a/b"));
}

TEST_F(WatchedTest, DoesNotOpenAnotherCgroupOfThatName) {
  EXPECT_EQ(open_below(root_, "/a/b", id_of("a")).error().code, ENOENT);
  EXPECT_EQ(open_below(root_, "/missing", 0).error().code, ENOENT);
  EXPECT_EQ(open_below(root_, "/file", 0).error().code, ENOTDIR);
}

TEST_F(WatchedTest, HasTheCountersAndTheChildren) {
  auto opened = open_watched(root_, inotify_, "/a", 0, 1);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->watched.cgroup.id, id_of("a"));
  EXPECT_EQ(opened->watched.cgroup.parent, 1U);
  EXPECT_NE(opened->watched.cgroup.generation, 0U);
  EXPECT_EQ(opened->watched.last.oom_kill, 2U);
  EXPECT_NE(opened->watched.last_event, base::TimePoint()) << "it had events before";
  EXPECT_EQ(opened->children.size(), 2U);
  EXPECT_FALSE(opened->lacks_descriptor);
}

TEST_F(WatchedTest, HasNoLastEventWhereNothingHappened) {
  EXPECT_EQ(open_watched(root_, inotify_, "/a/b", 0, 1)->watched.last_event, base::TimePoint());
}

TEST_F(WatchedTest, WatchesACgroupWithoutCounters) {
  const auto opened = open_watched(root_, inotify_, "/a/c", 0, 1);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->watched.cgroup.generation, 0U);
  EXPECT_FALSE(opened->watched.events.is_open());
  tree_.write("a/c/memory.events.local", "x");
  int events = 0;
  inotify_.read([&](const base::InotifyEvent&) { ++events; });
  EXPECT_GT(events, 0);
}

TEST_F(WatchedTest, ReadsItsCountersAgain) {
  auto opened = open_watched(root_, inotify_, "/a", 0, 1);
  tree_.write("a/memory.events.local", "oom 2\noom_kill 5\n");
  EXPECT_TRUE(read_events(opened->watched));
  EXPECT_EQ(opened->watched.last.oom_kill, 5U);
  tree_.write("a/memory.events.local", "rubbish\n");
  EXPECT_TRUE(read_events(opened->watched));
  EXPECT_EQ(opened->watched.last.oom_kill, 5U) << "as read last";
}

TEST_F(WatchedTest, IsGoneWhenItsFileCannotBeRead) {
  Watched watched;
  watched.events = base::Fd(::open(tree_.path("a").c_str(), O_RDONLY | O_CLOEXEC));  // EISDIR
  EXPECT_FALSE(read_events(watched));
  EXPECT_FALSE(watched.events.is_open());
}

TEST_F(WatchedTest, KnowsWhichEventsMayMeanThatASettingChanged) {
  for (const char* const file : {"memory.max", "cpu.weight.nice", "cgroup.type", "cgroup.pressure",
                                 "cpuset.cpus.partition", "cgroup.subtree_control"}) {
    EXPECT_TRUE(may_change_settings(file)) << file;
  }
  for (const char* const file : {"memory.events", "pids.events.local", "cgroup.procs",
                                 "memory.peak", "memory.swap.peak", "memory.pressure"})
    EXPECT_FALSE(may_change_settings(file)) << file;
}

}  // namespace
}  // namespace cgroup2::oom
