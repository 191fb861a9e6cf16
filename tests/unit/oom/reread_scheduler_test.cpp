// SPDX-License-Identifier: Apache-2.0
#include "oom/reread_scheduler.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>

#include "support/tree.h"

namespace cgroup2::oom {
namespace {

using namespace std::chrono_literals;

class RereadSchedulerTest : public testing::Test {
 protected:
  // Cgroups with the ids 1 to `count`.
  void make(std::uint64_t count) {
    for (std::uint64_t id = 1; id <= count; ++id) {
      const std::string name = std::to_string(id);
      tree_.write(name, "oom_kill 0\n");
      Watched watched;
      watched.cgroup.id = id;
      watched.path = "/" + name;
      watched.watch = static_cast<int>(id);
      watched.events = base::Fd(::open(tree_.path(name).c_str(), O_RDONLY | O_CLOEXEC));
      list_.add(std::move(watched));
    }
  }
  Watched& at(std::uint64_t id) { return *list_.find(id); }
  void kill(std::uint64_t id) const {
    std::ofstream(tree_.path(std::to_string(id))) << "oom_kill 1\n";
  }
  bool reread() {
    return scheduler_.reread(list_, now_, [this](Watched& watched) {
      ++reads_;
      return read_events(watched);
    });
  }
  // Reads with a wake every `step`. Returns how many files were read.
  std::uint64_t read_for(base::Clock::duration time, base::Clock::duration step) {
    const auto before = reads_;
    for (const auto end = now_ + time; now_ < end; now_ += step) (void)reread();
    return reads_ - before;
  }
  // Until only what has events is read: 1,000 cgroups below one that has them again and again.
  void use_up_tokens() {
    while (scheduler_.until_step(now_) <= 200us) {
      for (std::uint64_t id = 1; id <= 1000; ++id) scheduler_.begin_without_event(at(id), now_);
      now_ += 200us;
      (void)reread();
    }
  }

  test::Tree tree_;
  WatchList list_;
  base::TimePoint now_ = base::Clock::now();
  RereadScheduler scheduler_{now_};
  std::uint64_t reads_ = 0;  // of files
};

TEST_F(RereadSchedulerTest, ReadsEvery200MicrosecondsFor15Milliseconds) {
  make(1);
  scheduler_.begin(at(1), now_);
  EXPECT_EQ(read_for(12ms, 200us), 60U);
  EXPECT_EQ(read_for(10ms, 200us), 16U) << "and 3 ms more";
  EXPECT_TRUE(scheduler_.is_idle());
}

TEST_F(RereadSchedulerTest, DoesNotReadMoreOftenWhenTheThreadIsWokenMoreOften) {
  make(2);
  scheduler_.begin(at(1), now_);
  scheduler_.begin_without_event(at(2), now_);
  EXPECT_EQ(read_for(12ms, 10us), 120U);
}

TEST_F(RereadSchedulerTest, ReadsWhatHadAnEventAtOnce) {
  make(2);
  scheduler_.begin(at(1), now_);
  EXPECT_FALSE(reread());
  now_ += 10us;
  kill(2);
  scheduler_.begin(at(2), now_);
  EXPECT_TRUE(reread());
  EXPECT_EQ(at(2).last.oom_kill, 1U);
  EXPECT_EQ(reads_, 2U) << "and nothing else";
  EXPECT_EQ(scheduler_.until_step(now_), 190us);
}

// The kernel notifies of a file 100 times a second at most: 50 cgroups at their limit are an event
// every 200 us.
TEST_F(RereadSchedulerTest, ReadsNoMoreThanTokensAllowWhateverTheStorm) {
  make(50);
  constexpr auto time = 60s;
  std::uint64_t events = 0;
  for (const auto end = now_ + time; now_ < end; now_ += 200us) {
    scheduler_.begin(at(1 + events++ % 50), now_);
    (void)reread();
  }
  constexpr std::uint64_t slack = 2 * 50;  // a last token pays for all files
  EXPECT_LE(reads_, 400'000U + 5'000U * time.count() + slack);
  EXPECT_GE(reads_, events) << "each event was answered";
}

TEST_F(RereadSchedulerTest, ReadsWhatHadAnEventEvenWithoutTokens) {
  make(1000);
  use_up_tokens();
  kill(1);
  scheduler_.begin(at(1), now_);
  EXPECT_TRUE(reread());
}

TEST_F(RereadSchedulerTest, EndsWithoutTokens) {
  make(1000);
  use_up_tokens();
  (void)read_for(100ms, 10ms);
  EXPECT_TRUE(scheduler_.is_idle());
}

TEST_F(RereadSchedulerTest, IsBackSoonAfterAStorm) {
  make(1000);
  for (const auto end = now_ + 5s; now_ < end; now_ += 10ms) {
    for (std::uint64_t id = 1; id <= 1000; ++id) scheduler_.begin(at(id), now_);
    (void)reread();
  }
  now_ += 2s;
  scheduler_.begin(at(1), now_);
  EXPECT_EQ(read_for(12ms, 200us), 60U);
}

TEST_F(RereadSchedulerTest, EndsWithTheFile) {
  make(2);
  scheduler_.begin(at(1), now_);
  scheduler_.begin(at(2), now_);
  at(1).events = base::Fd();
  (void)list_.take_out(2);
  (void)reread();
  EXPECT_TRUE(scheduler_.is_idle());
  EXPECT_EQ(reads_, 0U);
}

}  // namespace
}  // namespace cgroup2::oom
