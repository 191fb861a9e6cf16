// SPDX-License-Identifier: Apache-2.0
#include "catalog/series.h"

#include <gtest/gtest.h>

namespace cgroup2::catalog {
namespace {

TEST(SeriesText, SaysWhatACollectorCosts) {
  EXPECT_EQ(series_text(Collector::pids), "5 series per cgroup");
  EXPECT_EQ(series_text(Collector::io), "18 series per cgroup and device");
  EXPECT_EQ(series_text(Collector::cpuset), "9 series per cgroup, 1 per root");
}

TEST(SeriesText, CountsTheSubsystemsOfTheNewestKernelLivingAndDying) {
  // cpuset, cpu, io, memory, perf_event, hugetlb, pids, rdma, misc, dmem.
  EXPECT_EQ(series_text(Collector::cgroup_subsystems), "20 series per cgroup");
}

TEST(SeriesText, CountsAKeyOfMemoryNumaStatOnce) {
  // 43 lines on 7.3, 22 of bytes and 21 of events.
  EXPECT_EQ(series_text(Collector::memory_numa), "43 series per cgroup and node");
}

TEST(SeriesText, NamesWhatTheHostDecides) {
  EXPECT_EQ(series_text(Collector::dmem), "5 series per cgroup and region, 1 per root and region");
}

}  // namespace
}  // namespace cgroup2::catalog
