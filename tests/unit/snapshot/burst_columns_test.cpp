// SPDX-License-Identifier: Apache-2.0
#include "snapshot/burst_columns.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <utility>

#include "snapshot/builder.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::snapshot {
namespace {

const std::string container = "/docker-" + std::string(64, 'a') + ".scope";

class BurstColumnsTest : public testing::Test {
 protected:
  static Settings make_settings(bool is_on = true, std::size_t max_cgroups = 100) {
    Settings settings;
    settings.selection.enabled.set(index(catalog::Collector::pressure_bursts), is_on);
    settings.filter = [](std::string_view path) { return path != "/left.out"; };
    settings.max_burst_cgroups = max_cgroups;
    return settings;
  }

  Builder make(
      Settings settings, std::function<void()> begin = [] {}) {
    return {{*base::Dir::open(files.path("cgroup")), *base::Dir::open(files.path("proc")),
             base::Dir(), base::Dir()},
            std::move(settings),
            {},
            log,
            {},
            identity::run_here,
            machine::ask_filesystems,
            {},
            std::move(begin)};
  }

  void add(const std::string& cgroup, const char* file = "cpu.pressure") const {
    files.write("cgroup" + cgroup + '/' + file, "some total=0\nfull total=0\n");
  }

  // The samples as "path resource/kind=value" each.
  static std::string column(const Snapshot& snapshot) {
    std::string text;
    for (const auto& sample :
         snapshot.samples.columns.at(catalog::metric_index("cgroup_pressure_bursts_total"))) {
      text += std::string(snapshot.cgroups.at(sample.cgroup)->path) + ' ' +
              snapshot.labels->at(sample.labels[0]) + '/' + snapshot.labels->at(sample.labels[1]) +
              '=' + std::to_string(sample.bits) + ' ';
    }
    return text;
  }

  test::Tree files{{"proc/meminfo", "MemTotal: 1024 kB\n"}, {"cgroup/cgroup.controllers", ""}};
  test::RecordingLog log;
};

TEST_F(BurstColumnsTest, AreOfExportedCgroupsThatHavePressure) {
  add("/a.service"), add("/left.out");
  add("/b.service", "memory.pressure"), add("/b.service", "io.pressure");
  auto builder = make(make_settings());
  builder.start([] {});
  const auto snapshot = builder.build();
  EXPECT_EQ(column(*snapshot),
            "/a.service cpu/some=0 /a.service cpu/full=0 /b.service memory/some=0 /b.service "
            "memory/full=0 /b.service io/some=0 /b.service io/full=0 ");
  EXPECT_EQ(snapshot->bursts.watched, 2U);
  EXPECT_EQ(snapshot->bursts.dropped, 0U);
}

TEST_F(BurstColumnsTest, AreOfContainersFirst) {
  add("/a.service"), add(container);
  auto builder = make(make_settings(true, 1));
  builder.start([] {});
  const auto snapshot = builder.build();
  EXPECT_EQ(column(*snapshot), container + " cpu/some=0 " + container + " cpu/full=0 ");
  EXPECT_EQ(snapshot->bursts.watched, 1U);
  EXPECT_EQ(snapshot->bursts.dropped, 1U);
}

TEST_F(BurstColumnsTest, AreAbsentWhereNobodyCounts) {
  add("/a.service");
  auto not_started = make(make_settings());
  EXPECT_EQ(column(*not_started.build()), "");
  auto without_thread = make(make_settings(), {});
  without_thread.start([] {});
  EXPECT_EQ(column(*without_thread.build()), "");
  auto off = make(make_settings(false), [] { FAIL(); });
  off.start([] {});
  EXPECT_EQ(column(*off.build()), "");
}

}  // namespace
}  // namespace cgroup2::snapshot
