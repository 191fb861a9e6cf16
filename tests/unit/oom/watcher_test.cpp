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
using Clock = std::chrono::steady_clock;

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
  Living living(const std::string& path, const std::string& parent) {
    char buffer[64];
    const auto dir = *base::Dir::open(tree_.path(path.substr(1)));
    const auto file = dir.read_identified_at("memory.events.local", buffer);
    return {id_of(path), id_of(parent), paths_.emplace_back(path), file ? file->inode : 0};
  }
  std::unique_ptr<Watcher> watch(std::size_t max_count = 100) {
    auto watcher =
        std::make_unique<Watcher>(std::move(*base::Dir::open(tree_.path())), max_count, log_);
    watcher->start([this] { ++wakes_; });
    return watcher;
  }
  static std::vector<Stranger> take(Watcher& watcher, const std::vector<Living>& living) {
    return watcher.exchange(living, Clock::now()).strangers;
  }
  // Those that errands must find first.
  static std::vector<Stranger> wait_for_strangers(Watcher& watcher,
                                                  const std::vector<Living>& living) {
    std::vector<Stranger> strangers;
    while (strangers.empty()) strangers = take(watcher, living);
    return strangers;
  }

  cgroup2::test::Tree tree_;
  std::deque<std::string> paths_;  // what the living point to
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
  const std::vector<Living> root{living("/", "/")};
  auto all = root;
  all.push_back(living("/a", "/"));
  const auto watcher = watch();
  EXPECT_TRUE(take(*watcher, all).empty());
  EXPECT_TRUE(take(*watcher, all).empty());
  change("/a", 3);
  while (wakes_ == 0) std::this_thread::yield();
  tree_.remove("a");
  const auto strangers = take(*watcher, root);
  ASSERT_EQ(strangers.size(), 1U);
  EXPECT_TRUE(strangers[0].glimpse.is_gone);
  EXPECT_EQ(strangers[0].glimpse.local.oom_kill, 3U);
  EXPECT_EQ(strangers[0].path, "/a");
  EXPECT_TRUE(take(*watcher, root).empty());
}

TEST_F(WatcherTest, TellsTheNameOfACgroupThatItCameTooLateFor) {
  const std::vector<Living> root{living("/", "/")};
  std::atomic<bool> may_go_on{false};
  Watcher watcher(std::move(*base::Dir::open(tree_.path())), 100, log_);
  watcher.start([&] {
    ++wakes_;
    while (!may_go_on) std::this_thread::yield();
  });
  (void)take(watcher, root);
  make("/first");
  while (wakes_ == 0) std::this_thread::yield();
  make("/a");
  tree_.remove("a");
  may_go_on = true;
  std::vector<Stranger> strangers;
  while (strangers.empty()) {
    strangers = take(watcher, root);
    std::erase_if(strangers, [](const Stranger& stranger) { return stranger.path == "/first"; });
  }
  ASSERT_EQ(strangers.size(), 1U);
  EXPECT_EQ(strangers[0].path, "/a");
  EXPECT_EQ(strangers[0].glimpse.generation, Glimpse::unread);
  EXPECT_TRUE(strangers[0].glimpse.is_gone);
}

TEST_F(WatcherTest, FindsWhatIsBelowByItself) {
  const std::vector<Living> root{living("/", "/")};
  make("/a/b", 1);
  const auto watcher = watch();
  const auto strangers = wait_for_strangers(*watcher, root);
  ASSERT_EQ(strangers.size(), 1U) << "the directory without the file is no stranger";
  EXPECT_FALSE(strangers[0].glimpse.is_gone);
  EXPECT_EQ(strangers[0].path, "/a/b");
  EXPECT_EQ(strangers[0].glimpse.parent, id_of("/a"));
}

TEST_F(WatcherTest, ReadsTheCountersOfAnotherGeneration) {
  make("/a", 5);
  const auto watcher = watch();
  (void)take(*watcher, {living("/", "/"), living("/a", "/")});
  tree_.remove("a/memory.events.local");
  make("/a", 1);
  const std::vector<Living> again{living("/", "/"), living("/a", "/")};
  EXPECT_EQ(watcher->exchange(again, Clock::now()).figures.watched, 2U);
  const auto strangers = take(*watcher, {living("/", "/")});
  ASSERT_EQ(strangers.size(), 1U);
  EXPECT_EQ(strangers[0].glimpse.local.oom_kill, 1U);
}

TEST_F(WatcherTest, IsBounded) {
  for (int i = 0; i < 10; ++i) make("/a" + std::to_string(i));
  std::vector<Living> all{living("/", "/")};
  for (int i = 0; i < 10; ++i) all.push_back(living("/a" + std::to_string(i), "/"));
  const auto watcher = watch(4);
  (void)take(*watcher, all);
  const auto figures = watcher->exchange(all, Clock::now()).figures;
  EXPECT_EQ(figures.watched, 4U);
  EXPECT_EQ(figures.unwatched, 7U);
}

TEST_F(WatcherTest, TakesAnotherBound) {
  make("/a");
  make("/b");
  const std::vector<Living> all{living("/", "/"), living("/a", "/"), living("/b", "/")};
  const auto watcher = watch(1);
  (void)take(*watcher, all);
  EXPECT_EQ(watcher->exchange(all, Clock::now()).figures.unwatched, 2U);
  watcher->set_max_count(100);
  (void)take(*watcher, all);
  EXPECT_EQ(watcher->exchange(all, Clock::now()).figures.unwatched, 0U);
  watcher->set_max_count(1);
  EXPECT_EQ(watcher->exchange(all, Clock::now()).figures.unwatched, 0U);
}

TEST_F(WatcherTest, WatchesNothingBeforeItsStart) {
  make("/a");
  const std::vector<Living> all{living("/", "/"), living("/a", "/")};
  Watcher watcher(std::move(*base::Dir::open(tree_.path())), 100, log_);
  EXPECT_EQ(watcher.exchange(all, Clock::now()).figures.unwatched, 2U);
  EXPECT_FALSE(watcher.is_quiet());
  watcher.start([] {});
  EXPECT_EQ(watcher.exchange(all, Clock::now()).figures.watched, 2U);
}

TEST_F(WatcherTest, EndsAloneWithAnException) {
  make("/a");
  const std::vector<Living> all{living("/", "/"), living("/a", "/")};
  Watcher watcher(std::move(*base::Dir::open(tree_.path())), 100, log_);
  watcher.start([] { throw std::runtime_error("no memory"); });
  (void)take(watcher, all);
  change("/a", 1);
  Watcher::Figures figures;
  while (figures.unwatched != all.size()) figures = watcher.exchange(all, Clock::now()).figures;
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
    all_ = {living("/", "/"), living("/a", "/")};
    wait_until_quiet(*watcher_, all_);
  }

  static void wait_until_quiet(Watcher& watcher, const std::vector<Living>& living) {
    while (!watcher.is_quiet()) {
      (void)take(watcher, living);
      std::this_thread::yield();
    }
  }
  void wait_until_not_quiet() const {
    while (watcher_->is_quiet()) std::this_thread::yield();
  }

  std::vector<Living> all_;
  std::unique_ptr<Watcher> watcher_ = watch();
};

TEST_F(QuietTest, EndsWithACgroupThatIsMadeAndComesBackWhenItIsKnown) {
  make("/a/b");
  wait_until_not_quiet();
  all_.push_back(living("/a/b", "/a"));
  wait_until_quiet(*watcher_, all_);
}

TEST_F(QuietTest, EndsWithACgroupThatIsRemovedUntilThePassesDoWithoutIt) {
  tree_.remove("a");
  wait_until_not_quiet();
  (void)take(*watcher_, all_);
  EXPECT_FALSE(watcher_->is_quiet()) << "the pass took it for alive";
  all_.pop_back();
  EXPECT_EQ(take(*watcher_, all_).size(), 1U);
  EXPECT_FALSE(watcher_->is_quiet()) << "what was told now is to be settled";
  (void)take(*watcher_, all_);
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
  const std::vector<Living> all{living("/", "/"), living("/a", "/"), living("/b", "/")};
  const auto watcher = watch(2);
  for (int i = 0; i < 10; ++i) (void)take(*watcher, all);
  EXPECT_FALSE(watcher->is_quiet());
}

TEST_F(WatcherTest, LeavesNoDescriptorsBehind) {
  const std::vector<Living> root{living("/", "/")};
  const auto watcher = watch();
  (void)take(*watcher, root);
  const auto before = descriptors();
  for (int i = 0; i < 200; ++i) {
    make("/a");
    tree_.remove("a");
    (void)take(*watcher, root);
  }
  const auto is_looking = [&] { return !watcher->exchange(root, Clock::now()).unsettled.empty(); };
  while (is_looking()) std::this_thread::yield();
  (void)take(*watcher, root);
  EXPECT_LE(descriptors(), before + 1);
  EXPECT_EQ(watcher->exchange(root, Clock::now()).figures.overflows, 0U);
}

}  // namespace
}  // namespace cgroup2::oom
