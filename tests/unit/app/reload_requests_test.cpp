// SPDX-License-Identifier: Apache-2.0
#include "app/reload_requests.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace cgroup2::app {
namespace {

using Problems = ReloadRequests::Problems;

TEST(ReloadRequests, TellTheOutcomeToAllThatAsked) {
  std::atomic<int> wakes{0};
  ReloadRequests requests([&] { ++wakes; });
  Problems first, second;
  std::thread a([&] { first = requests.ask(); });
  std::thread b([&] { second = requests.ask(); });
  while (wakes < 2) std::this_thread::yield();
  int reloads = 0;
  requests.answer([&] {
    ++reloads;
    return Problems{"wrong"};
  });
  a.join();
  b.join();
  EXPECT_EQ(reloads, 1);
  EXPECT_EQ(first, Problems{"wrong"});
  EXPECT_EQ(second, Problems{"wrong"});
}

TEST(ReloadRequests, ReloadWithoutARequestToo) {
  ReloadRequests requests([] {});
  int reloads = 0;
  requests.answer([&] {
    ++reloads;
    return Problems();
  });
  EXPECT_EQ(reloads, 1);
}

TEST(ReloadRequests, AreRefusedAtTheEnd) {
  std::atomic<int> wakes{0};
  ReloadRequests requests([&] { ++wakes; });
  Problems waiting;
  std::thread thread([&] { waiting = requests.ask(); });
  while (wakes == 0) std::this_thread::yield();
  requests.close();
  thread.join();
  EXPECT_EQ(waiting.size(), 1U);
  EXPECT_EQ(requests.ask().size(), 1U);
  EXPECT_EQ(wakes, 1);
}

}  // namespace
}  // namespace cgroup2::app
