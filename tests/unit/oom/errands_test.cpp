// SPDX-License-Identifier: Apache-2.0
#include "oom/errands.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <functional>
#include <latch>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include "support/log.h"

namespace cgroup2::oom {
namespace {

class ErrandsTest : public testing::Test {
 protected:
  // As under pids.max and RLIMIT_NPROC, which do not bind who runs these tests.
  std::thread start_unless_full(std::function<void()> body) const {
    if (is_full_) throw std::system_error(EAGAIN, std::generic_category());
    return std::thread(std::move(body));
  }
  Errands::Start start() {
    return [this](std::function<void()> body) { return start_unless_full(std::move(body)); };
  }

  test::RecordingLog log_;
  std::atomic<bool> is_full_{false};
};

TEST_F(ErrandsTest, AreDoneAtOnceWhileOthersWait) {
  std::latch release(1);
  std::latch done(1);
  Errands errands(2, log_);
  errands.post([&] { release.wait(); });
  errands.post([&] { done.count_down(); });
  done.wait();
  release.count_down();
}

TEST_F(ErrandsTest, AreNoMoreThanTheBoundAtOnce) {
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  std::latch done(20);
  Errands errands(3, log_);
  for (int i = 0; i < 20; ++i) {
    errands.post([&] {
      const int now = ++running;
      if (now > most) most = now;
      std::this_thread::yield();
      --running;
      done.count_down();
    });
  }
  done.wait();
  EXPECT_LE(most, 3);
}

TEST_F(ErrandsTest, WaitForTheNextOneWhereNoThreadCanBeMade) {
  std::latch done(3);
  is_full_ = true;
  Errands errands(2, log_, start());
  errands.post([&] { done.count_down(); });
  errands.post([&] { done.count_down(); });
  ASSERT_EQ(log_.lines().size(), 1U) << "once";
  EXPECT_EQ(log_.lines().front().level, base::LogLevel::warn);
  is_full_ = false;
  errands.post([&] { done.count_down(); });
  done.wait();
}

TEST_F(ErrandsTest, WaitForARetryWhereNoThreadCanBeMade) {
  std::latch done(1);
  is_full_ = true;
  Errands errands(2, log_, start());
  errands.post([&] { done.count_down(); });
  errands.retry();
  is_full_ = false;
  errands.retry();
  done.wait();
}

TEST_F(ErrandsTest, AreDoneByAThreadThatExistsWhereNoOtherCanBeMade) {
  std::latch release(1);
  std::latch begun(1);
  std::latch done(1);
  Errands errands(2, log_, start());
  errands.post([&] {
    begun.count_down();
    release.wait();
  });
  begun.wait();
  is_full_ = true;
  errands.post([&] { done.count_down(); });
  release.count_down();
  done.wait();
}

TEST_F(ErrandsTest, AreDroppedWithTheLastThatCouldNotBeBegun) {
  std::atomic<bool> was_done{false};
  {
    is_full_ = true;
    Errands errands(2, log_, start());
    errands.post([&] { was_done = true; });
  }
  EXPECT_FALSE(was_done);
}

TEST_F(ErrandsTest, ThatThrowEndNothingElse) {
  std::latch done(1);
  {
    Errands errands(1, log_);
    errands.post([] { throw std::runtime_error("no memory"); });
    errands.post([] { throw 1; });
    errands.post([&] { done.count_down(); });
    done.wait();
  }
  ASSERT_EQ(log_.lines().size(), 1U) << "once";
  EXPECT_EQ(log_.lines().front().level, base::LogLevel::error);
  EXPECT_NE(log_.lines().front().text.find("error=no memory"), std::string::npos);
}

}  // namespace
}  // namespace cgroup2::oom
