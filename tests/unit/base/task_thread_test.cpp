// SPDX-License-Identifier: Apache-2.0
#include "base/task_thread.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace cgroup2::base {
namespace {

TEST(TaskThread, RunsEachTaskOnItsOwnThreadAfterItBegan) {
  std::thread::id began, ran;
  TaskThread thread([&] { began = std::this_thread::get_id(); });
  int count = 0;
  for (int i = 0; i < 1000; ++i) {
    thread.run([&] {
      ran = std::this_thread::get_id();
      ++count;
    });
  }
  EXPECT_EQ(count, 1000);
  EXPECT_EQ(ran, began);
  EXPECT_NE(ran, std::this_thread::get_id());
}

TEST(TaskThread, ThrowsWhatATaskThrowsAndGoesOn) {
  TaskThread thread([] {});
  EXPECT_THROW(thread.run([] { throw std::runtime_error("no"); }), std::runtime_error);
  bool has_run = false;
  thread.run([&] { has_run = true; });
  EXPECT_TRUE(has_run);
}

}  // namespace
}  // namespace cgroup2::base
