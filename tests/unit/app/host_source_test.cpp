// SPDX-License-Identifier: Apache-2.0
#include "app/host_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "exposition/text.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::app {
namespace {

using testing::HasSubstr;

class HostSourceTest : public testing::Test {
 protected:
  static snapshot::Settings exporting(bool is_exported) {
    snapshot::Settings settings;
    settings.selection.enabled.set();
    settings.filter = [is_exported](std::string_view) { return is_exported; };
    return settings;
  }

  std::unique_ptr<snapshot::Builder> make_builder() {
    const auto open = [this](const char* name) { return *base::Dir::open(files.path(name)); };
    oom::TrackerSettings tracker;
    tracker.is_watching = true;
    return std::make_unique<snapshot::Builder>(
        snapshot::Roots{open("cgroup"), open("proc"), base::Dir(), base::Dir()}, exporting(true),
        std::move(tracker), log);
  }

  std::string own_metrics() const {
    std::string text;
    exposition::append_families(text, telemetry.collect({}), exposition::Format::text);
    return text;
  }

  test::Tree files{{"proc/meminfo", "MemTotal: 1024 kB\n"},
                   {"cgroup/cgroup.controllers", "memory\n"},
                   {"cgroup/a/memory.current", "20\n"}};
  test::RecordingLog log;
  std::atomic<int> wakes{0};
  Telemetry telemetry;
  Pages pages{{}, [] { return nullptr; }};
  sandbox::Sandbox sandbox{false, {}, log};
  HostSource source{make_builder(), telemetry, pages, sandbox};
};

TEST_F(HostSourceTest, ShowsEachSnapshotToTheExportersOwnMetrics) {
  EXPECT_EQ(source.build()->cgroups.size(), 2U);
  EXPECT_THAT(own_metrics(), HasSubstr("cgroup_exporter_cgroups{state=\"exported\"} 2\n"));
  source.apply(exporting(false));
  EXPECT_EQ(source.build()->cgroups.size(), 0U);
  EXPECT_THAT(own_metrics(), HasSubstr("cgroup_exporter_cgroups{state=\"excluded\"} 2\n"));
}

TEST_F(HostSourceTest, WakesWhenACgroupAppears) {
  source.start([&] { ++wakes; });
  source.scan();  // which begins to watch
  files.write("cgroup/b/memory.current", "1\n");
  while (wakes == 0) std::this_thread::yield();
}

}  // namespace
}  // namespace cgroup2::app
