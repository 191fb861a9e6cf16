// SPDX-License-Identifier: Apache-2.0
#include "http/drain.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <thread>

namespace cgroup2::http {
namespace {

using namespace std::chrono_literals;

TEST(Drain, GivesUpOnARequestThatDoesNotEnd) {
  Drain drain;
  const Drain::Scope scope(drain);
  EXPECT_FALSE(drain.close(1ms));
}

TEST(Drain, IsEmptyAtOnceWithoutRequests) {
  Drain drain;
  { const Drain::Scope scope(drain); }
  EXPECT_FALSE(drain.is_closing());
  EXPECT_TRUE(drain.close(0ms));
  EXPECT_TRUE(drain.is_closing());
}

TEST(Drain, WaitsForTheLastRequest) {
  Drain drain;
  std::optional<Drain::Scope> first(std::in_place, drain);
  std::optional<Drain::Scope> second(std::in_place, drain);
  std::thread visitor([&] {
    while (!drain.is_closing()) std::this_thread::yield();
    first.reset();
    second.reset();
  });
  EXPECT_TRUE(drain.close(30s));
  visitor.join();
}

}  // namespace
}  // namespace cgroup2::http
