// SPDX-License-Identifier: Apache-2.0
#include "snapshot/start_times.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>
#include <utility>
#include <vector>

#include "support/log.h"
#include "support/read_errors.h"
#include "support/tree.h"

namespace cgroup2::snapshot {
namespace {

class StartTimesTest : public testing::Test {
 protected:
  // A snapshot of cgroups with these starts, in ticks.
  static Snapshot with(const std::vector<std::optional<std::uint64_t>>& starts) {
    Snapshot snapshot;
    snapshot.enabled.set();
    for (const auto& start : starts) {
      identity::Identity identity;
      identity.first_start = start;
      snapshot.cgroups.push_back(
          make_cgroup("/a", std::make_shared<const identity::Identity>(identity)));
    }
    return snapshot;
  }

  // The column as cgroups and milliseconds.
  std::vector<std::pair<std::uint64_t, std::uint64_t>> fill(Snapshot snapshot) {
    times.fill(snapshot);
    std::vector<std::pair<std::uint64_t, std::uint64_t>> found;
    const auto metric = catalog::metric_index("cgroup_start_time_seconds");
    for (const auto& sample : snapshot.samples.columns.at(metric))
      found.emplace_back(sample.cgroup, sample.bits);
    return found;
  }

  using Found = std::vector<std::pair<std::uint64_t, std::uint64_t>>;
  const std::uint64_t ticks = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  test::Tree files{{"stat", "btime 1000\n"}};
  test::RecordingLog log;
  base::ReadErrors errors{log};
  StartTimes times{*base::Dir::open(files.path()), errors};
};

TEST_F(StartTimesTest, AreTheBootAndTheTicksAfterIt) {
  EXPECT_EQ(fill(with({std::nullopt, 0, 5 * ticks / 2})), (Found{{1, 1'000'000}, {2, 1'002'500}}));
}

TEST_F(StartTimesTest, AreLeftOutWithoutTheCollector) {
  auto snapshot = with({1});
  snapshot.enabled.reset(index(catalog::Collector::cgroup));
  EXPECT_EQ(fill(std::move(snapshot)), Found());
}

TEST_F(StartTimesTest, AskForTheBootOnlyWhereThereIsAStart) {
  files.remove("stat");
  EXPECT_EQ(fill(with({std::nullopt})), Found());
  EXPECT_EQ(test::total(errors), 0U);
  EXPECT_EQ(fill(with({7})), Found());
  EXPECT_EQ(test::total(errors), 1U);
}

}  // namespace
}  // namespace cgroup2::snapshot
