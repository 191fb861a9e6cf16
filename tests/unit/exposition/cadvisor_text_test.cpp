// SPDX-License-Identifier: Apache-2.0
#include "exposition/cadvisor_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "exposition/body_buffer.h"

namespace cgroup2::exposition {
namespace {

// The root, which is shown, and a slice, which a kubelet does not show.
class CadvisorTextTest : public testing::Test {
 protected:
  CadvisorTextTest() {
    add_cgroup("/");
    add_cgroup("/user.slice");
    snapshot.enabled.set();
    snapshot.labels = std::make_shared<std::vector<std::string>>(
        std::vector<std::string>{"vda", "259:1", "pgfault", "pgmajfault", "2MB", "max"});
  }

  void add_cgroup(const std::string& path) {
    snapshot.cgroups.push_back(snapshot::make_cgroup(path, std::make_shared<identity::Identity>()));
  }

  void push(std::string_view metric, cgroup::Sample sample) {
    snapshot.samples.columns[catalog::metric_index(metric)].push_back(sample);
  }

  std::string render(const CadvisorBlocks& blocks, const cgroup::CollectorSet& wanted) {
    std::string out;
    const auto append = [&out](std::string_view piece) {
      out += piece;
      return true;
    };
    write_cadvisor(append, snapshot, blocks, wanted, std::chrono::seconds(1'700'000'000));
    return out;
  }

  std::string render(std::initializer_list<catalog::Collector> collectors) {
    cgroup::CollectorSet wanted;
    for (const auto collector : collectors) wanted.set(index(collector));
    return render(*prepared.of(snapshot, CadvisorProfile::kubelet), wanted);
  }

  // Without what every answer has.
  std::string render_only(catalog::Collector collector) {
    auto text = render({collector});
    for (const auto& part : {last_seen, scrape_error}) {
      const auto at = text.find(part);
      EXPECT_NE(at, std::string::npos) << text;
      if (at != std::string::npos) text.erase(at, part.size());
    }
    return text;
  }

  const std::string last_seen =
      "# HELP container_last_seen Unix time of this answer, for every cgroup that exists.\n"
      "# TYPE container_last_seen gauge\n"
      "container_last_seen{container=\"\",id=\"/\",image=\"\",name=\"\",namespace=\"\",pod=\"\"} "
      "1700000000\n";
  const std::string scrape_error =
      "# HELP container_scrape_error 0: an answer without values of the cgroups has the status "
      "503.\n"
      "# TYPE container_scrape_error gauge\n"
      "container_scrape_error 0\n";
  snapshot::Snapshot snapshot;
  PreparedCadvisor prepared;
};

TEST_F(CadvisorTextTest, SaysOfEveryCgroupThatItExists) {
  EXPECT_EQ(render({}), last_seen + scrape_error);
}

TEST_F(CadvisorTextTest, WritesOneSampleForEachCgroupThatIsShown) {
  push("cgroup_pids", {0, cgroup::no_labels, 7});
  push("cgroup_pids", {1, cgroup::no_labels, 8});
  EXPECT_EQ(render_only(catalog::Collector::pids),
            "# HELP container_threads Threads of the cgroup and those below it.\n"
            "# TYPE container_threads gauge\n"
            "container_threads{container=\"\",id=\"/\",image=\"\",name=\"\",namespace=\"\","
            "pod=\"\"} 7\n"
            "# HELP container_threads_max Limit on threads; 0 without one.\n"
            "# TYPE container_threads_max gauge\n"
            "container_threads_max{container=\"\",id=\"/\",image=\"\",name=\"\",namespace=\"\","
            "pod=\"\"} 0\n");
}

TEST_F(CadvisorTextTest, PutsFurtherLabelsInAlphabeticalOrder) {
  push("cgroup_cpu_usage_seconds_total", {0, cgroup::no_labels, 1'500'000});
  EXPECT_NE(render({catalog::Collector::cpu})
                .find("container_cpu_usage_seconds_total{container=\"\",cpu=\"total\",id=\"/\","
                      "image=\"\",name=\"\",namespace=\"\",pod=\"\"} 1.5\n"),
            std::string::npos);
  push("cgroup_hugetlb_events_total", {0, {4, 5}, 2});
  EXPECT_NE(render({catalog::Collector::hugetlb})
                .find("container_hugetlb_failcnt{container=\"\",id=\"/\",image=\"\",name=\"\","
                      "namespace=\"\",pagesize=\"2MB\",pod=\"\"} 2\n"),
            std::string::npos);
}

TEST_F(CadvisorTextTest, WritesTheHeaderOfAFamilyOnceAboveWhatItHas) {
  push("cgroup_memory_stat_events_total", {0, {3, cgroup::no_label}, 9});
  const auto text = render_only(catalog::Collector::memory_stat);
  EXPECT_EQ(text,
            "# HELP container_memory_failures_total Page faults, those that needed I/O "
            "(pgmajfault) among them; both scopes are the same.\n"
            "# TYPE container_memory_failures_total counter\n"
            "container_memory_failures_total{container=\"\",failure_type=\"pgmajfault\",id=\"/\","
            "image=\"\",name=\"\",namespace=\"\",pod=\"\",scope=\"container\"} 9\n"
            "container_memory_failures_total{container=\"\",failure_type=\"pgmajfault\",id=\"/\","
            "image=\"\",name=\"\",namespace=\"\",pod=\"\",scope=\"hierarchy\"} 9\n");
}

TEST_F(CadvisorTextTest, WritesOneSampleForEachDeviceBelowDev) {
  push("cgroup_io_reads_total", {0, {0, cgroup::no_label}, 3});
  push("cgroup_io_reads_total", {0, {1, cgroup::no_label}, 4});
  push("cgroup_io_reads_total", {1, {0, cgroup::no_label}, 5});
  EXPECT_EQ(render_only(catalog::Collector::io),
            "# HELP container_fs_reads_total Read operations of block devices.\n"
            "# TYPE container_fs_reads_total counter\n"
            "container_fs_reads_total{container=\"\",device=\"/dev/vda\",id=\"/\",image=\"\","
            "name=\"\",namespace=\"\",pod=\"\"} 3\n"
            "container_fs_reads_total{container=\"\",device=\"259:1\",id=\"/\",image=\"\","
            "name=\"\",namespace=\"\",pod=\"\"} 4\n");
}

TEST_F(CadvisorTextTest, TakesTheKeyOfEachSampleWithALabelOfItsOwn) {
  push("cgroup_hugetlb_events_total", {0, {4, 0}, 1});
  EXPECT_EQ(render_only(catalog::Collector::hugetlb), "") << "not of the key max";
}

TEST_F(CadvisorTextTest, HasNothingOfACollectorThatIsOff) {
  push("cgroup_pids", {0, cgroup::no_labels, 7});
  snapshot.enabled.reset(index(catalog::Collector::pids));
  EXPECT_EQ(render_only(catalog::Collector::pids), "");
}

TEST_F(CadvisorTextTest, WritesALineThatIsLongerThanTheBuffer) {
  auto identity = std::make_shared<identity::Identity>();
  identity->workload.kind = identity::WorkloadKind::container;
  snapshot.cgroups.front() = snapshot::make_cgroup("/", identity);
  const auto labels = std::make_shared<CadvisorLabels>();
  labels->text = std::string(2 * BodyBuffer::size, 'x');
  labels->cuts = {1, 2, 3};
  EXPECT_NE(
      render({labels, labels}, {}).find("container_last_seen{" + labels->text + "} 1700000000\n"),
      std::string::npos);
}

TEST_F(CadvisorTextTest, EndsWhenNoMoreIsWanted) {
  while (snapshot.cgroups.size() < 2'000)
    add_cgroup("/kubepods/" + std::to_string(snapshot.cgroups.size()));
  int pieces = 0;
  write_cadvisor([&pieces](std::string_view) { return ++pieces < 1; }, snapshot,
                 *prepared.of(snapshot, CadvisorProfile::kubelet), snapshot.enabled,
                 std::chrono::seconds(1));
  EXPECT_EQ(pieces, 1);
}

}  // namespace
}  // namespace cgroup2::exposition
