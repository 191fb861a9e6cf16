// SPDX-License-Identifier: Apache-2.0
#include "oom/worker_pool.h"

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

class WorkerPoolTest : public testing::Test {
 protected:
  // As under pids.max and RLIMIT_NPROC, which do not bind who runs these tests.
  std::thread start_unless_full(std::function<void()> body) const {
    if (is_full_) throw std::system_error(EAGAIN, std::generic_category());
    return std::thread(std::move(body));
  }
  WorkerPool::Start start() {
    return [this](std::function<void()> body) { return start_unless_full(std::move(body)); };
  }

  test::RecordingLog log_;
  std::atomic<bool> is_full_{false};
};

TEST_F(WorkerPoolTest, RunsATaskWhileOthersWait) {
  std::latch release(1);
  std::latch done(1);
  WorkerPool pool(2, log_);
  pool.post([&] { release.wait(); });
  pool.post([&] { done.count_down(); });
  done.wait();
  release.count_down();
}

TEST_F(WorkerPoolTest, RunsNoMoreThanTheBoundAtOnce) {
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  std::latch done(20);
  WorkerPool pool(3, log_);
  for (int i = 0; i < 20; ++i) {
    pool.post([&] {
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

TEST_F(WorkerPoolTest, RetriesWithTheNextTaskWhereNoThreadCanBeMade) {
  std::latch done(3);
  is_full_ = true;
  WorkerPool pool(2, log_, start());
  pool.post([&] { done.count_down(); });
  pool.post([&] { done.count_down(); });
  ASSERT_EQ(log_.lines().size(), 1U) << "once";
  EXPECT_EQ(log_.lines().front().level, base::LogLevel::warn);
  is_full_ = false;
  pool.post([&] { done.count_down(); });
  done.wait();
}

TEST_F(WorkerPoolTest, RetriesWhenAskedToWhereNoThreadCanBeMade) {
  std::latch done(1);
  is_full_ = true;
  WorkerPool pool(2, log_, start());
  pool.post([&] { done.count_down(); });
  pool.retry();
  is_full_ = false;
  pool.retry();
  done.wait();
}

TEST_F(WorkerPoolTest, UsesAThreadThatExistsWhereNoOtherCanBeMade) {
  std::latch release(1);
  std::latch begun(1);
  std::latch done(1);
  WorkerPool pool(2, log_, start());
  pool.post([&] {
    begun.count_down();
    release.wait();
  });
  begun.wait();
  is_full_ = true;
  pool.post([&] { done.count_down(); });
  release.count_down();
  done.wait();
}

TEST_F(WorkerPoolTest, DropsTasksThatCouldNotBegin) {
  std::atomic<bool> was_done{false};
  {
    is_full_ = true;
    WorkerPool pool(2, log_, start());
    pool.post([&] { was_done = true; });
  }
  EXPECT_FALSE(was_done);
}

TEST_F(WorkerPoolTest, OutlivesTasksThatThrow) {
  std::latch done(1);
  {
    WorkerPool pool(1, log_);
    pool.post([] { throw std::runtime_error("no memory"); });
    pool.post([] { throw 1; });
    pool.post([&] { done.count_down(); });
    done.wait();
  }
  ASSERT_EQ(log_.lines().size(), 1U) << "once";
  EXPECT_EQ(log_.lines().front().level, base::LogLevel::error);
  EXPECT_NE(log_.lines().front().text.find("error=no memory"), std::string::npos);
}

}  // namespace
}  // namespace cgroup2::oom
