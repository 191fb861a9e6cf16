// SPDX-License-Identifier: Apache-2.0
#include "oom/bursts.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <utility>

#include "support/tree.h"

namespace cgroup2::oom {
namespace {

using namespace std::chrono_literals;
using Clock = Bursts::Clock;

class BurstsTest : public testing::Test {
 protected:
  // Cgroups with the ids 1 to `count`.
  void make(std::uint64_t count) {
    for (std::uint64_t id = 1; id <= count; ++id) {
      const std::string name = std::to_string(id);
      tree_.write(name, "oom_kill 0\n");
      Watched watched;
      watched.id = id;
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
  // Reads with a wake every `step`. Returns how many files were read.
  std::uint64_t read_for(Clock::duration time, Clock::duration step) {
    const auto before = bursts_.reads();
    for (const auto end = now_ + time; now_ < end; now_ += step) (void)bursts_.read(list_, now_);
    return bursts_.reads() - before;
  }
  // Until only what is told of is read: 1,000 cgroups below one that is told of again and again.
  void use_up_credit() {
    while (bursts_.step(now_) <= 200us) {
      for (std::uint64_t id = 1; id <= 1000; ++id) bursts_.begin_beside(at(id), now_);
      now_ += 200us;
      (void)bursts_.read(list_, now_);
    }
  }

  test::Tree tree_;
  WatchList list_;
  Clock::time_point now_ = Clock::now();
  Bursts bursts_{now_};
};

TEST_F(BurstsTest, ReadAgainEvery200MicrosecondsFor12Milliseconds) {
  make(1);
  bursts_.begin(at(1), now_);
  EXPECT_EQ(read_for(12ms, 200us), 60U);
  (void)read_for(10ms, 200us);
  EXPECT_TRUE(bursts_.is_idle());
}

TEST_F(BurstsTest, DoNotReadMoreOftenWhenTheThreadIsWokenMoreOften) {
  make(2);
  bursts_.begin(at(1), now_);
  bursts_.begin_beside(at(2), now_);
  EXPECT_EQ(read_for(12ms, 10us), 120U);
}

TEST_F(BurstsTest, ReadAtOnceWhatWasToldOf) {
  make(2);
  bursts_.begin(at(1), now_);
  EXPECT_FALSE(bursts_.read(list_, now_));
  now_ += 10us;
  kill(2);
  bursts_.begin(at(2), now_);
  EXPECT_TRUE(bursts_.read(list_, now_));
  EXPECT_EQ(at(2).last.oom_kill, 1U);
  EXPECT_EQ(bursts_.reads(), 2U) << "and nothing else";
  EXPECT_EQ(bursts_.step(now_), 190us);
}

// The kernel tells of a file 100 times a second at most: 50 cgroups at their limit are an event
// every 200 us.
TEST_F(BurstsTest, CostWhatTheirAccountHasWhateverTheStorm) {
  make(50);
  constexpr auto time = 60s;
  std::uint64_t told = 0;
  for (const auto end = now_ + time; now_ < end; now_ += 200us) {
    bursts_.begin(at(1 + told++ % 50), now_);
    (void)bursts_.read(list_, now_);
  }
  constexpr std::uint64_t slack = 2 * 50;  // an account that is not empty pays for all files
  EXPECT_LE(bursts_.reads(), 400'000U + 5'000U * time.count() + slack);
  EXPECT_GE(bursts_.reads(), told) << "each event was answered";
}

TEST_F(BurstsTest, ReadAtOnceWhatWasToldOfThoughTheAccountIsEmpty) {
  make(1000);
  use_up_credit();
  kill(1);
  bursts_.begin(at(1), now_);
  EXPECT_TRUE(bursts_.read(list_, now_));
}

TEST_F(BurstsTest, EndThoughTheAccountIsEmpty) {
  make(1000);
  use_up_credit();
  (void)read_for(100ms, 10ms);
  EXPECT_TRUE(bursts_.is_idle());
}

TEST_F(BurstsTest, AreBackSoonAfterAStorm) {
  make(1000);
  for (const auto end = now_ + 5s; now_ < end; now_ += 10ms) {
    for (std::uint64_t id = 1; id <= 1000; ++id) bursts_.begin(at(id), now_);
    (void)bursts_.read(list_, now_);
  }
  now_ += 2s;
  bursts_.begin(at(1), now_);
  EXPECT_EQ(read_for(12ms, 200us), 60U);
}

TEST_F(BurstsTest, EndWithTheirFile) {
  make(2);
  bursts_.begin(at(1), now_);
  bursts_.begin(at(2), now_);
  at(1).events = base::Fd();
  (void)list_.take_out(2);
  (void)bursts_.read(list_, now_);
  EXPECT_TRUE(bursts_.is_idle());
  EXPECT_EQ(bursts_.reads(), 0U);
}

}  // namespace
}  // namespace cgroup2::oom
