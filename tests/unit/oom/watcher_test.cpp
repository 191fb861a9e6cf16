// SPDX-License-Identifier: Apache-2.0
#include "oom/watcher.h"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::oom {
namespace {

using namespace std::chrono_literals;

std::string events(int kills) { return "max 1\noom 0\noom_kill " + std::to_string(kills) + "\n"; }

class WatcherTest : public testing::Test {
 protected:
  void make(const std::string& path, int kills = 0) const {
    tree_.write(path.substr(1) + "/memory.events.local", events(kills));
  }
  // As the kernel does it: the file changes, it is not made anew.
  void change(const std::string& path, int kills) const {
    std::ofstream(tree_.path(path.substr(1) + "/memory.events.local"),
                  std::ios::in | std::ios::binary)
        << events(kills);
  }
  [[nodiscard]] std::uint64_t id_of(const std::string& path) const {
    return *base::Dir::open(tree_.path(path.substr(1)))->inode();
  }
  Observation observed(const std::string& path, const std::string& parent) {
    char buffer[64];
    const auto dir = *base::Dir::open(tree_.path(path.substr(1)));
    const auto file = dir.read_identified_at("memory.events.local", buffer);
    return {.cgroup = {id_of(path), id_of(parent), file ? file->inode : 0},
            .path = paths_.emplace_back(path)};
  }
  std::unique_ptr<Watcher> watch(std::size_t max_count = 100) {
    auto watcher = std::make_unique<Watcher>(std::move(*base::Dir::open(tree_.path())), max_count,
                                             subtree_of_all, log_);
    watcher->start([this] { ++wakes_; });
    return watcher;
  }
  static WatchReport exchange(Watcher& watcher, const std::vector<Observation>& observations) {
    return watcher.exchange(observations, base::Clock::now());
  }
  static std::vector<LateObservation> late(Watcher& watcher,
                                           const std::vector<Observation>& observations) {
    return exchange(watcher, observations).late;
  }
  static std::vector<LateObservation> wait_for_late(Watcher& watcher,
                                                    const std::vector<Observation>& observations) {
    std::vector<LateObservation> found;
    while (found.empty()) found = late(watcher, observations);
    return found;
  }
  static void wait_until_watched(Watcher& watcher, const std::vector<Observation>& observations,
                                 std::size_t count) {
    while (exchange(watcher, observations).figures.watched < count) std::this_thread::yield();
  }

  cgroup2::test::Tree tree_;
  std::deque<std::string> paths_;  // of the observations
  cgroup2::test::RecordingLog log_;
  std::atomic<int> wakes_{0};
};

std::size_t descriptors() {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    static_cast<void>(entry);
    ++count;
  }
  return count;
}

TEST_F(WatcherTest, ReportsARemovedCgroupOnceWithItsLastKills) {
  make("/a");
  const std::vector<Observation> root{observed("/", "/")};
  auto all = root;
  all.push_back(observed("/a", "/"));
  const auto watcher = watch();
  wait_until_watched(*watcher, all, 2);
  EXPECT_TRUE(late(*watcher, all).empty());
  change("/a", 3);
  while (wakes_ == 0) std::this_thread::yield();
  tree_.remove("a");
  const auto found = wait_for_late(*watcher, root);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_TRUE(found[0].is_gone);
  EXPECT_EQ(found[0].local.oom_kill, 3U);
  EXPECT_EQ(found[0].path, "/a");
  EXPECT_TRUE(late(*watcher, root).empty());
}

TEST_F(WatcherTest, NamesACgroupThatItCameTooLateFor) {
  const std::vector<Observation> root{observed("/", "/")};
  std::atomic<bool> may_go_on{false};
  Watcher watcher(std::move(*base::Dir::open(tree_.path())), 100, subtree_of_all, log_);
  watcher.start([&] {
    ++wakes_;
    while (!may_go_on) std::this_thread::yield();
  });
  wait_until_watched(watcher, root, 1);
  make("/first");
  while (wakes_ == 0) std::this_thread::yield();
  make("/a");
  tree_.remove("a");
  may_go_on = true;
  std::vector<LateObservation> found;
  while (found.empty()) {
    found = late(watcher, root);
    std::erase_if(found, [](const LateObservation& each) { return each.path == "/first"; });
  }
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].path, "/a");
  EXPECT_FALSE(found[0].was_opened);
  EXPECT_TRUE(found[0].is_gone);
}

TEST_F(WatcherTest, OpensWhatIsBelowByItself) {
  make("/a/b", 1);
  const std::vector<Observation> above{observed("/", "/"), observed("/a", "/")};
  const auto watcher = watch();
  const auto found = wait_for_late(*watcher, above);
  ASSERT_EQ(found.size(), 1U) << "not the directory without the file";
  EXPECT_FALSE(found[0].is_gone);
  EXPECT_EQ(found[0].path, "/a/b");
  EXPECT_EQ(found[0].cgroup.parent, id_of("/a"));
}

TEST_F(WatcherTest, ReadsTheCountersOfAnotherGeneration) {
  make("/a", 5);
  const auto watcher = watch();
  wait_until_watched(*watcher, {observed("/", "/"), observed("/a", "/")}, 2);
  tree_.remove("a/memory.events.local");
  make("/a", 1);
  wait_until_watched(*watcher, {observed("/", "/"), observed("/a", "/")}, 2);
  const auto found = late(*watcher, {observed("/", "/")});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].local.oom_kill, 1U);
}

TEST_F(WatcherTest, IsBounded) {
  for (int i = 0; i < 10; ++i) make("/a" + std::to_string(i));
  std::vector<Observation> all{observed("/", "/")};
  for (int i = 0; i < 10; ++i) all.push_back(observed("/a" + std::to_string(i), "/"));
  const auto watcher = watch(4);
  wait_until_watched(*watcher, all, 4);
  const auto figures = exchange(*watcher, all).figures;
  EXPECT_EQ(figures.watched, 4U);
  EXPECT_EQ(figures.unwatched, 7U);
}

TEST_F(WatcherTest, TakesAnotherBound) {
  make("/a");
  make("/b");
  const std::vector<Observation> all{observed("/", "/"), observed("/a", "/"), observed("/b", "/")};
  const auto watcher = watch(1);
  wait_until_watched(*watcher, all, 1);
  EXPECT_EQ(exchange(*watcher, all).figures.unwatched, 2U);
  watcher->set_max_count(100);
  wait_until_watched(*watcher, all, 3);
  watcher->set_max_count(1);
  EXPECT_EQ(exchange(*watcher, all).figures.unwatched, 2U);
}

TEST_F(WatcherTest, WatchesNothingBeforeItsStart) {
  const std::vector<Observation> root{observed("/", "/")};
  Watcher watcher(std::move(*base::Dir::open(tree_.path())), 100, subtree_of_all, log_);
  EXPECT_EQ(exchange(watcher, root).figures.unwatched, 1U);
  EXPECT_FALSE(watcher.is_quiet());
}

TEST_F(WatcherTest, EndsAloneWithAnException) {
  make("/a");
  const std::vector<Observation> all{observed("/", "/"), observed("/a", "/")};
  Watcher watcher(std::move(*base::Dir::open(tree_.path())), 100, subtree_of_all, log_);
  watcher.start([] { throw std::runtime_error("no memory"); });
  wait_until_watched(watcher, all, 2);
  change("/a", 1);
  WatchFigures figures;
  while (figures.unwatched != all.size()) figures = exchange(watcher, all).figures;
  EXPECT_EQ(figures.watched, 0U);
  EXPECT_FALSE(watcher.is_quiet());
  ASSERT_EQ(log_.lines().size(), 1U);
  EXPECT_EQ(log_.lines().front().level, base::LogLevel::error);
  EXPECT_NE(log_.lines().front().text.find("error=no memory"), std::string::npos);
}

class QuietTest : public WatcherTest {
 protected:
  QuietTest() {
    make("/a");
    all_ = {observed("/", "/"), observed("/a", "/")};
    wait_until_quiet(*watcher_, all_);
  }

  static void wait_until_quiet(Watcher& watcher, const std::vector<Observation>& observations) {
    while (!watcher.is_quiet()) {
      (void)late(watcher, observations);
      std::this_thread::yield();
    }
  }
  void wait_until_not_quiet() const {
    while (watcher_->is_quiet()) std::this_thread::yield();
  }

  std::vector<Observation> all_;
  std::unique_ptr<Watcher> watcher_ = watch();
};

TEST_F(QuietTest, EndsWithACgroupThatIsMadeAndComesBackWhenItIsKnown) {
  make("/a/b");
  wait_until_not_quiet();
  all_.push_back(observed("/a/b", "/a"));
  wait_until_quiet(*watcher_, all_);
}

TEST_F(QuietTest, EndsWithACgroupThatIsRemovedUntilAPassDoesNotSeeIt) {
  tree_.remove("a");
  wait_until_not_quiet();
  (void)late(*watcher_, all_);
  EXPECT_FALSE(watcher_->is_quiet()) << "the walk still saw it";
  all_.pop_back();
  EXPECT_EQ(late(*watcher_, all_).size(), 1U);
  EXPECT_FALSE(watcher_->is_quiet()) << "what was reported now is to be settled";
  (void)late(*watcher_, all_);
  EXPECT_TRUE(watcher_->is_quiet());
}

TEST_F(QuietTest, EndsWithAKill) {
  change("/a", 1);
  wait_until_not_quiet();
  while (wakes_ == 0) std::this_thread::yield();
  wait_until_quiet(*watcher_, all_);
}

TEST_F(WatcherTest, IsNeverQuietWhileCgroupsAreNotWatched) {
  make("/a");
  make("/b");
  const std::vector<Observation> all{observed("/", "/"), observed("/a", "/"), observed("/b", "/")};
  const auto watcher = watch(2);
  for (int i = 0; i < 10; ++i) (void)late(*watcher, all);
  EXPECT_FALSE(watcher->is_quiet());
}

TEST_F(WatcherTest, LeavesNoDescriptorsBehind) {
  const std::vector<Observation> root{observed("/", "/")};
  const auto watcher = watch();
  wait_until_watched(*watcher, root, 1);
  const auto before = descriptors();
  for (int i = 0; i < 200; ++i) {
    make("/a");
    tree_.remove("a");
    (void)late(*watcher, root);
  }
  while (!exchange(*watcher, root).pending.empty()) std::this_thread::yield();
  (void)late(*watcher, root);
  // A worker may still be looking for one that is gone, about which the watcher does not wait.
  for (int i = 0; i < 1000 && descriptors() > before + 1; ++i) std::this_thread::sleep_for(10ms);
  EXPECT_LE(descriptors(), before + 1);
  EXPECT_EQ(exchange(*watcher, root).figures.overflows, 0U);
}

}  // namespace
}  // namespace cgroup2::oom
