// SPDX-License-Identifier: Apache-2.0
#include "snapshot/peak_columns.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "snapshot/builder.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::snapshot {
namespace {

const std::string container = "/docker-" + std::string(64, 'a') + ".scope";

class PeakColumnsTest : public testing::Test {
 protected:
  Settings make_settings(bool is_on = true, std::size_t max_cgroups = 100) const {
    Settings settings;
    settings.selection.enabled.set(index(catalog::Collector::memory_recent_peak), is_on);
    settings.filter = [](std::string_view path) { return path != "/left.out"; };
    settings.max_peak_cgroups = max_cgroups;
    return settings;
  }

  Builder make(Settings settings) {
    return {{*base::Dir::open(files.path("cgroup")), *base::Dir::open(files.path("proc")),
             base::Dir(), base::Dir()},
            std::move(settings),
            {},
            log,
            {},
            identity::run_here,
            machine::ask_filesystems,
            [this](const auto& task) {
              ++openings;
              task();
            }};
  }

  void set(const std::string& cgroup, int bytes, const std::string& file = "memory.peak") const {
    files.write("cgroup" + cgroup + '/' + file, std::to_string(bytes) + '\n');
  }

  // The samples of a metric as "path value" each.
  static std::string column(const Snapshot& snapshot,
                            std::string_view metric = "cgroup_memory_recent_peak_bytes") {
    std::string text;
    for (const auto& sample : snapshot.samples.columns.at(catalog::metric_index(metric)))
      text += std::string(snapshot.cgroups.at(sample.cgroup)->path) + ' ' +
              std::to_string(sample.bits) + ' ';
    return text;
  }

  test::Tree files{{"proc/meminfo", "MemTotal: 1024 kB\n"}, {"cgroup/cgroup.controllers", ""}};
  test::RecordingLog log;
  int openings = 0;
};

TEST_F(PeakColumnsTest, AreOfExportedCgroupsThatHaveAPeak) {
  for (const char* const cgroup : {"/a.service", "/left.out", "/without"}) set(cgroup, 100);
  files.remove("cgroup/without/memory.peak");
  set("/a.service", 10, "memory.swap.peak");
  auto builder = make(make_settings());
  EXPECT_EQ(column(*builder.build()), "");
  set("/a.service", 200), set("/left.out", 200);
  set("/a.service", 20, "memory.swap.peak");
  const auto snapshot = builder.build();
  EXPECT_EQ(column(*snapshot), "/a.service 200 ");
  EXPECT_EQ(column(*snapshot, "cgroup_memory_swap_recent_peak_bytes"), "/a.service 20 ");
  EXPECT_EQ(snapshot->peaks.grown, 1);
}

TEST_F(PeakColumnsTest, KnowTheLifeOfACgroupThatWasMadeSince) {
  set("/a.service", 100);
  auto builder = make(make_settings());
  (void)builder.build();
  set("/b.service", 300);
  EXPECT_EQ(column(*builder.build()), "/b.service 300 ");
}

TEST_F(PeakColumnsTest, AreOfContainersFirst) {
  const auto grow = [this](int bytes) {
    for (const auto& cgroup : {std::string("/a.service"), container, container + "/inside"})
      set(cgroup, bytes);
  };
  grow(100);
  auto builder = make(make_settings(true, 1));
  (void)builder.build();
  grow(200);
  auto snapshot = builder.build();
  EXPECT_EQ(column(*snapshot), container + " 200 ");
  EXPECT_EQ(snapshot->peaks.dropped, 2);
  builder.apply(make_settings(true, 2));
  (void)builder.build();
  grow(300);
  snapshot = builder.build();
  EXPECT_EQ(column(*snapshot), container + " 300 " + container + "/inside 300 ");
  EXPECT_EQ(snapshot->peaks.dropped, 1);
}

TEST_F(PeakColumnsTest, AskInTheirOwnCgroupWhatAWriteDoes) {
  set("/a.service", 100), set("/own.service", 100);
  files.write("cgroup/own.service/cgroup.procs", std::to_string(::getpid()) + '\n');
  files.write("cgroup/a.service/cgroup.procs", "1\n");
  auto builder = make(make_settings());
  (void)builder.build();
  EXPECT_EQ(openings, 1);
  const auto dir = *base::Dir::open(files.path("cgroup"));
  EXPECT_EQ(dir.read_all_at("a.service/memory.peak", 100).value(), "100\n");
  EXPECT_NE(dir.read_all_at("own.service/memory.peak", 100).value(), "100\n");
}

TEST_F(PeakColumnsTest, CostNothingWithoutTheCollector) {
  set("/own.service", 100);
  files.write("cgroup/own.service/cgroup.procs", std::to_string(::getpid()) + '\n');
  auto builder = make(make_settings(false));
  (void)builder.build();
  set("/own.service", 200);
  EXPECT_EQ(column(*builder.build()), "");
  EXPECT_EQ(openings, 0);
}

}  // namespace
}  // namespace cgroup2::snapshot
