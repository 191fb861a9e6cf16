// SPDX-License-Identifier: Apache-2.0
#include "app/scrape.h"

#include <gtest/gtest.h>

namespace cgroup2::app {
namespace {

constexpr auto io = index(catalog::Collector::io);
constexpr auto cpu = index(catalog::Collector::cpu);

http::Scrape scrape(std::vector<std::string> collect, std::vector<std::string> exclude) {
  return {false, std::move(collect), std::move(exclude)};
}

cgroup::CollectorSet all_but_cpu() {
  cgroup::CollectorSet enabled;
  enabled.set();
  enabled.reset(cpu);
  return enabled;
}

TEST(Scrape, RefusesAnUnknownCollector) {
  EXPECT_EQ(choose_collectors(scrape({"gpu"}, {}), all_but_cpu()).problem,
            "There is no collector \"gpu\".");
  EXPECT_EQ(choose_collectors(scrape({}, {"gpu"}), all_but_cpu()).problem,
            "There is no collector \"gpu\".");
}

TEST(Scrape, RefusesADisabledCollector) {
  EXPECT_EQ(choose_collectors(scrape({"cpu"}, {}), all_but_cpu()).problem,
            "The collector \"cpu\" is disabled.");
}

TEST(Scrape, TakesAllEnabledOnesWithoutAQuestion) {
  EXPECT_EQ(choose_collectors(scrape({}, {}), all_but_cpu()).collectors, all_but_cpu());
}

TEST(Scrape, CollectNarrows) {
  cgroup::CollectorSet only_io;
  only_io.set(io);
  EXPECT_EQ(choose_collectors(scrape({"io", "io"}, {}), all_but_cpu()).collectors, only_io);
}

TEST(Scrape, ExcludeTakesAway) {
  auto rest = all_but_cpu();
  rest.reset(io);
  EXPECT_EQ(choose_collectors(scrape({}, {"io"}), all_but_cpu()).collectors, rest);
}

}  // namespace
}  // namespace cgroup2::app
