// SPDX-License-Identifier: Apache-2.0
#include "cgroup/destination.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace cgroup2::cgroup {
namespace {

using catalog::Repeated;

class DestinationTest : public testing::Test {
 protected:
  static constexpr std::uint16_t metric = 3;

  [[nodiscard]] Destination of(CgroupIndex cgroup) { return {cgroup, &columns, &inputs}; }

  [[nodiscard]] std::vector<std::pair<CgroupIndex, std::uint64_t>> samples() const {
    std::vector<std::pair<CgroupIndex, std::uint64_t>> found;
    for (const Sample& sample : columns.columns[metric])
      found.emplace_back(sample.cgroup, sample.bits);
    return found;
  }

  Columns columns;
  Inputs inputs;
};

using Found = std::vector<std::pair<CgroupIndex, std::uint64_t>>;

TEST_F(DestinationTest, PushesMetricsAndInputs) {
  push({metric, 0, no_labels, 5}, of(0));
  constexpr auto input = catalog::Input::memory_current;
  push({catalog::metric_count + static_cast<std::size_t>(input), 0, no_labels, 7}, of(0));
  EXPECT_EQ(samples(), (Found{{0, 5}}));
  EXPECT_EQ(inputs.get(input), 7U);
}

TEST_F(DestinationTest, PushesNoSampleOfACgroupThatIsNotShown) {
  push({metric, 0, no_labels, 5}, {no_cgroup, nullptr, &inputs});
  merge({metric, 0, no_labels, 5}, Repeated::sum, {no_cgroup, nullptr, &inputs});
  EXPECT_EQ(samples(), Found{});
}

TEST_F(DestinationTest, MergesWithTheSampleOfTheSameLabels) {
  const std::pair<Repeated, std::uint64_t> rows[] = {
      {Repeated::sum, 12}, {Repeated::smallest, 5}, {Repeated::largest, 7}};
  for (const auto& [how, merged] : rows) {
    columns = {};
    push({metric, 0, {1, no_label}, 5}, of(2));
    push({metric, 0, {4, no_label}, 100}, of(2));
    merge({metric, 0, {1, no_label}, 7}, how, of(2));
    EXPECT_EQ(samples(), (Found{{2, merged}, {2, 100}}));
  }
}

TEST_F(DestinationTest, MergesNothingAcrossCgroups) {
  push({metric, 0, no_labels, 5}, of(0));
  merge({metric, 0, no_labels, 7}, Repeated::sum, of(1));
  EXPECT_EQ(samples(), (Found{{0, 5}, {1, 7}}));
}

}  // namespace
}  // namespace cgroup2::cgroup
