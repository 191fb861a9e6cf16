// SPDX-License-Identifier: Apache-2.0
#include "app/cold_files.h"

#include <gtest/gtest.h>

#include "catalog/catalog.h"

namespace cgroup2::app {
namespace {

TEST(ColdFiles, HaveASeriesForEachFileWithAMiss) {
  std::vector<exposition::Family> families;
  cgroup::ColdFileMisses misses{};
  append_cold_file_misses(misses, families);
  EXPECT_TRUE(families.empty());
  misses[catalog::file_index("memory.max")] = 2;
  misses[catalog::file_index("hugetlb.*.max")] = 1;
  append_cold_file_misses(misses, families);
  ASSERT_EQ(families.size(), 1U);
  EXPECT_EQ(families[0].name, "cgroup_exporter_cold_file_misses_total");
  ASSERT_EQ(families[0].samples.size(), 2U);
  EXPECT_EQ(families[0].samples[0].labels.front().second, "memory.max");
  EXPECT_EQ(families[0].samples[0].value, 2.0);
  EXPECT_EQ(families[0].samples[1].labels.front().second, "hugetlb.*.max");
}

}  // namespace
}  // namespace cgroup2::app
