// SPDX-License-Identifier: Apache-2.0
#include "oom/errands.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

namespace cgroup2::oom {
namespace {

TEST(Errands, AreDoneAtOnceWhileOthersWait) {
  std::latch release(1);
  std::latch done(1);
  Errands errands(2);
  errands.post([&] { release.wait(); });
  errands.post([&] { done.count_down(); });
  done.wait();
  release.count_down();
}

TEST(Errands, AreNoMoreThanTheBoundAtOnce) {
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  std::latch done(20);
  Errands errands(3);
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

}  // namespace
}  // namespace cgroup2::oom
