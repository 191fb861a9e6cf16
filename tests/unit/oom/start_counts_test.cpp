// SPDX-License-Identifier: Apache-2.0
#include "oom/start_counts.h"

#include <gtest/gtest.h>

namespace cgroup2::oom {
namespace {

using namespace std::chrono_literals;

const Owner web{.container = "web"};

std::uint64_t starts(const Ledger& ledger) {
  const auto& owners = ledger.content().owners;
  const auto at = owners.find(web);
  return at == owners.end() ? 0 : at->second.starts;
}

TEST(StartCounts, CountsNoCgroupThatIsNoContainersOwn) {
  StartCounts counts;
  Ledger ledger({});
  EXPECT_TRUE(counts.decide(5, web, ContainerStart::none, ledger));
  EXPECT_EQ(starts(ledger), 0U);
  EXPECT_FALSE(counts.has_unsaved());
}

TEST(StartCounts, WaitsForTheName) {
  StartCounts counts;
  Ledger ledger({});
  EXPECT_FALSE(counts.decide(5, web, ContainerStart::open, ledger));
  EXPECT_EQ(starts(ledger), 0U);
  EXPECT_TRUE(counts.decide(5, web, ContainerStart::known, ledger));
  EXPECT_EQ(starts(ledger), 1U);
  EXPECT_EQ(counts.newest(), 5U);
}

TEST(StartCounts, CountsAfterARestartOnlyWhatBeganMeanwhile) {
  StartCounts counts;
  Ledger ledger({});
  counts.restore(7);
  for (const std::uint64_t id : {3U, 7U}) {
    EXPECT_TRUE(counts.decide(id, web, ContainerStart::known, ledger));
    EXPECT_TRUE(counts.decide(id, web, ContainerStart::open, ledger));
  }
  EXPECT_EQ(starts(ledger), 0U);
  EXPECT_TRUE(counts.decide(9, web, ContainerStart::known, ledger));
  EXPECT_TRUE(counts.decide(8, web, ContainerStart::known, ledger));
  EXPECT_EQ(starts(ledger), 2U);
  EXPECT_EQ(counts.newest(), 9U);
}

TEST(StartCounts, AreSavedSeldom) {
  StartCounts counts;
  Ledger ledger({});
  EXPECT_FALSE(counts.is_due(1h));
  (void)counts.decide(5, web, ContainerStart::known, ledger);
  EXPECT_FALSE(counts.is_due(9s));
  EXPECT_TRUE(counts.is_due(10s));
  counts.note_saved();
  EXPECT_FALSE(counts.is_due(1h));
}

}  // namespace
}  // namespace cgroup2::oom
