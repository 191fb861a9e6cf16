// SPDX-License-Identifier: Apache-2.0
#include "exposition/series_choice.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace cgroup2::exposition {
namespace {

using catalog::metric_index;
using cgroup::no_label;
using identity::WorkloadKind;

constexpr cgroup::CgroupIndex service = 0;
constexpr cgroup::CgroupIndex container = 1;
constexpr cgroup::CgroupIndex inside = 2;

class SeriesChoiceTest : public ::testing::Test {
 protected:
  SeriesChoiceTest() {
    snapshot.enabled.set();
    snapshot.narrowed.set();
    snapshot.labels = std::make_shared<const std::vector<std::string>>(
        std::vector<std::string>{"percpu", "file_mapped", "anon"});
    add("/a.service", WorkloadKind::other);
    add("/docker-1.scope", WorkloadKind::container);
    add("/docker-1.scope/init", WorkloadKind::container, "init");
  }

  void add(std::string_view path, WorkloadKind kind, const std::string& subpath = {}) {
    auto identity = std::make_shared<identity::Identity>();
    identity->workload.kind = kind;
    identity->workload.subpath = subpath;
    snapshot.cgroups.push_back(snapshot::make_cgroup(path, std::move(identity)));
  }

  // Returns the first letters of the cgroups of which a sample is taken: service, container,
  // inside.
  [[nodiscard]] std::string takers(std::string_view metric,
                                   cgroup::LabelIds labels = cgroup::no_labels) const {
    const SeriesChoice series(snapshot, wanted);
    const SampleChoice choice = series.of(metric_index(metric));
    std::string found;
    for (const auto& [cgroup, letter] :
         {std::pair(service, 's'), std::pair(container, 'c'), std::pair(inside, 'i')}) {
      if (choice.takes(cgroup::Sample{cgroup, labels, 1})) found += letter;
    }
    EXPECT_TRUE(!choice.is_empty() || found.empty()) << metric;
    return found;
  }

  snapshot::Snapshot snapshot;
  cgroup::CollectorSet wanted = cgroup::CollectorSet().set();
};

TEST_F(SeriesChoiceTest, AllIsShownOfWhatIsNotNarrowed) {
  snapshot.narrowed.reset();
  EXPECT_EQ(takers("cgroup_populated"), "sci");
  EXPECT_EQ(takers("cgroup_memory_stat_bytes", {0, no_label}), "sci");
}

TEST_F(SeriesChoiceTest, AMetricIsShownWhereTheCatalogSaysSo) {
  EXPECT_EQ(takers("cgroup_cpu_usage_seconds_total"), "sci");
  EXPECT_EQ(takers("cgroup_cpu_user_seconds_total"), "c");
  EXPECT_EQ(takers("cgroup_populated"), "");
}

TEST_F(SeriesChoiceTest, WhatParentsAloneHaveIsShownWhereItIs) {
  EXPECT_EQ(takers("cgroup_descendants"), "sci");
}

TEST_F(SeriesChoiceTest, AKeyIsShownWhereTheCatalogSaysSo) {
  EXPECT_EQ(takers("cgroup_memory_stat_bytes", {0, no_label}), "");
  EXPECT_EQ(takers("cgroup_memory_stat_bytes", {1, no_label}), "c");
  EXPECT_EQ(takers("cgroup_memory_stat_bytes", {2, no_label}), "sci");
}

TEST_F(SeriesChoiceTest, OnlyMetricsThatAreNarrowedLoseSomething) {
  snapshot.narrowed.reset(metric_index("cgroup_populated"));
  EXPECT_EQ(takers("cgroup_populated"), "sci");
  EXPECT_EQ(takers("cgroup_frozen"), "");
}

TEST_F(SeriesChoiceTest, NothingIsShownOfACollectorThatIsNotWantedOrOff) {
  wanted.reset(index(catalog::Collector::pids));
  snapshot.enabled.reset(index(catalog::Collector::io));
  const SeriesChoice series(snapshot, wanted);
  EXPECT_TRUE(series.of(metric_index("cgroup_pids")).is_empty());
  EXPECT_TRUE(series.of(metric_index("cgroup_io_reads_total")).is_empty());
  EXPECT_FALSE(series.of(metric_index("cgroup_cpu_usage_seconds_total")).is_empty());
  EXPECT_FALSE(series.of(metric_index("cgroup_info")).is_empty()) << "it is of no collector";
}

TEST_F(SeriesChoiceTest, ACgroupIsChosenAsItsSamplesAre) {
  const SeriesChoice series(snapshot, wanted);
  EXPECT_TRUE(series.of(metric_index("cgroup_info")).takes(service));
  const SampleChoice of_start = series.of(metric_index("cgroup_start_time_seconds"));
  EXPECT_FALSE(of_start.takes(service));
  EXPECT_TRUE(of_start.takes(container));
}

}  // namespace
}  // namespace cgroup2::exposition
