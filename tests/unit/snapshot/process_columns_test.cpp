// SPDX-License-Identifier: Apache-2.0
#include "snapshot/process_columns.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "snapshot/builder.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::snapshot {
namespace {

class ProcessColumnsTest : public testing::Test {
 protected:
  std::shared_ptr<const Snapshot> build(bool is_on = true) {
    Settings settings;
    settings.selection.enabled.set(index(catalog::Collector::processes), is_on);
    settings.filter = [](std::string_view path) { return path != "/a"; };
    Builder builder({*base::Dir::open(files.path("cgroup")), *base::Dir::open(files.path("proc")),
                     base::Dir(), base::Dir()},
                    std::move(settings), {}, log, {}, [this](const auto& task) {
                      ++probes;
                      task();
                    });
    return builder.build();
  }

  // The samples of a metric as "path value" each.
  static std::string column(const Snapshot& snapshot, std::string_view metric) {
    std::string text;
    for (const auto& sample : snapshot.samples.columns.at(catalog::metric_index(metric)))
      text += std::string(snapshot.cgroups.at(sample.cgroup)->path) + ' ' +
              std::to_string(sample.bits) + ' ';
    return text;
  }

  test::Tree files{
      {"proc/meminfo", "MemTotal: 1024 kB\n"},
      {"cgroup/cgroup.controllers", ""},
      {"cgroup/a/b/cgroup.procs", "7\n8\n"},
      {"proc/7/limits",
       "Max processes             50       100                processes \n"
       "Max open files            20       40                 files     \n"},
  };
  test::RecordingLog log;
  int probes = 0;
};

TEST_F(ProcessColumnsTest, AreOfExportedCgroupsWithAllThatIsBelow) {
  files.link("proc/7/fd/0", "socket:[1]");
  files.link("proc/8/fd/0", "/dev/null");
  const auto snapshot = build();
  EXPECT_EQ(column(*snapshot, "cgroup_processes"), "/ 2 /a/b 2 ");
  EXPECT_EQ(column(*snapshot, "cgroup_open_files"), "/ 2 /a/b 2 ");
  EXPECT_EQ(column(*snapshot, "cgroup_sockets"), "/ 1 /a/b 1 ");
  EXPECT_EQ(column(*snapshot, "cgroup_open_files_soft_limit"), "/a/b 20 ");
  EXPECT_EQ(column(*snapshot, "cgroup_processes_soft_limit"), "/a/b 50 ");
  EXPECT_FALSE(snapshot->outcomes.at(index(catalog::Collector::processes)).has_failed);
}

TEST_F(ProcessColumnsTest, CostNothingWithoutTheCollector) {
  const auto without = build(false);
  EXPECT_EQ(column(*without, "cgroup_processes"), "");
  const int before = std::exchange(probes, 0);
  (void)build();
  EXPECT_EQ(probes, before + 1);
}

}  // namespace
}  // namespace cgroup2::snapshot
