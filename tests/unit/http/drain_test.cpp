// SPDX-License-Identifier: Apache-2.0
#include "http/drain.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <thread>

namespace cgroup2::http {
namespace {

using namespace std::chrono_literals;

TEST(Drain, GivesUpOnAVisitThatDoesNotEnd) {
  Drain drain;
  const Drain::Visit visit(drain);
  EXPECT_FALSE(drain.close(1ms));
}

TEST(Drain, IsEmptyAtOnceWithoutVisits) {
  Drain drain;
  { const Drain::Visit visit(drain); }
  EXPECT_FALSE(drain.is_closing());
  EXPECT_TRUE(drain.close(0ms));
  EXPECT_TRUE(drain.is_closing());
}

TEST(Drain, WaitsForTheLastVisit) {
  Drain drain;
  std::optional<Drain::Visit> first(std::in_place, drain);
  std::optional<Drain::Visit> second(std::in_place, drain);
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
