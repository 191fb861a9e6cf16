// SPDX-License-Identifier: Apache-2.0
#include "snapshot/builder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::snapshot {
namespace {

class BuilderTest : public ::testing::Test {
 protected:
  Roots roots() const {
    return {*base::Dir::open(files.path("cgroup")), *base::Dir::open(files.path("proc")),
            base::Dir(), base::Dir()};
  }

  static Settings everything() {
    Settings settings;
    settings.selection.enabled.set();
    settings.filter = [](std::string_view) { return true; };
    return settings;
  }

  static std::vector<std::string> paths(const Snapshot& snapshot) {
    std::vector<std::string> found;
    for (const auto& cgroup : snapshot.cgroups) found.emplace_back(cgroup->path);
    return found;
  }

  test::Tree files{{"proc/meminfo", "MemTotal: 1024 kB\n"},
                   {"cgroup/cgroup.controllers", "memory\n"},
                   {"cgroup/a/b/memory.current", "10\n"},
                   {"cgroup/a/memory.current", "20\n"},
                   {"cgroup/a/memory.max", "100\n"}};
  test::RecordingLog log;
};

using Paths = std::vector<std::string>;

TEST_F(BuilderTest, ExportsEveryCgroup) {
  Builder builder(roots(), everything(), {}, log);
  const auto snapshot = builder.build();
  EXPECT_EQ(paths(*snapshot), (Paths{"/", "/a", "/a/b"}));
  EXPECT_EQ(snapshot->excluded, 0U);
  EXPECT_TRUE(snapshot->read_errors.empty());
}

TEST_F(BuilderTest, CountsWhatTheFilterLeavesOut) {
  auto settings = everything();
  settings.filter = [](std::string_view path) { return path == "/a/b"; };
  Builder builder(roots(), std::move(settings), {}, log);
  const auto snapshot = builder.build();
  EXPECT_EQ(paths(*snapshot), (Paths{"/a/b"}));
  EXPECT_EQ(snapshot->excluded, 2U);
}

TEST_F(BuilderTest, ReadsOfParentsAloneWhatANarrowedSelectionShowsOfThem) {
  files.write("cgroup/a/cgroup.stat", "nr_descendants 1\n");
  files.write("cgroup/a/b/cgroup.stat", "nr_descendants 0\n");
  auto settings = everything();
  settings.selection.enabled.reset(index(catalog::Collector::cgroup_subsystems));
  settings.selection.narrowed.set();
  Builder builder(roots(), std::move(settings), {}, log);
  const auto snapshot = builder.build();
  EXPECT_TRUE(snapshot->narrowed.all());
  const auto& column = snapshot->samples.columns[catalog::metric_index("cgroup_descendants")];
  ASSERT_EQ(column.size(), 1U);
  EXPECT_EQ(snapshot->cgroups[column.front().cgroup]->path, "/a");
}

TEST_F(BuilderTest, TakesOtherSettings) {
  Builder builder(roots(), everything(), {}, log);
  EXPECT_EQ(builder.build()->cgroups.size(), 3U);
  auto settings = everything();
  settings.filter = [](std::string_view path) { return path != "/"; };
  builder.apply(std::move(settings));
  EXPECT_EQ(builder.build()->cgroups.size(), 2U);
}

TEST_F(BuilderTest, ExportsOnlyTheKindsThatWereChosen) {
  files.write("cgroup/system.slice/ssh.service/pids.current", "1\n");
  files.write("cgroup/lxc.payload.web/pids.current", "1\n");
  auto settings = everything();
  settings.kinds.set(index(catalog::CgroupKind::container));
  Builder builder(roots(), settings, {}, log);
  const auto containers = builder.build();
  EXPECT_EQ(paths(*containers), Paths{"/lxc.payload.web"});
  EXPECT_EQ(containers->excluded, 5U);
  settings.kinds.set(index(catalog::CgroupKind::service));
  builder.apply(settings);
  EXPECT_EQ(paths(*builder.build()), (Paths{"/lxc.payload.web", "/system.slice/ssh.service"}));
}

TEST_F(BuilderTest, KeepsTheObjectOfACgroupWhileNothingOfItChanges) {
  IdentitySettings names;
  names.runtime_labels = {"team"};
  Builder builder(roots(), everything(), {}, log, names);
  const auto before = builder.build();
  builder.apply(everything());
  const auto after = builder.build();
  EXPECT_EQ(after->cgroups, before->cgroups);
  EXPECT_EQ(*after->runtime_labels, std::vector<std::string>{"team"});
}

TEST_F(BuilderTest, LeavesOutLeavesThatHadNoProcessesInTwoPolls) {
  const std::string none = "populated 0\nfrozen 0\n";
  for (const char* name : {"a", "a/b", "c", "d"})
    files.write(std::string("cgroup/") + name + "/cgroup.events", none);
  files.write("cgroup/d/cgroup.events", "populated 1\nfrozen 0\n");
  files.write("cgroup/e/", "");
  auto settings = everything();
  settings.skip_unpopulated = true;
  settings.filter = [](std::string_view path) { return path != "/c"; };
  Builder builder(roots(), settings, {}, log);
  EXPECT_EQ(paths(*builder.build()), (Paths{"/", "/a", "/a/b", "/d", "/e"}));
  const auto second = builder.build();
  EXPECT_EQ(paths(*second), (Paths{"/", "/a", "/d", "/e"})) << "only leaves";
  EXPECT_EQ(second->unpopulated, 1U);
  EXPECT_EQ(second->excluded, 1U);
  files.write("cgroup/a/b/cgroup.events", "populated 1\nfrozen 0\n");
  EXPECT_EQ(paths(*builder.build()), (Paths{"/", "/a", "/a/b", "/d", "/e"})) << "at once";
  files.write("cgroup/a/b/cgroup.events", none);
  (void)builder.build();
  EXPECT_EQ(builder.build()->unpopulated, 1U);
  settings.skip_unpopulated = false;
  builder.apply(settings);
  EXPECT_EQ(builder.build()->unpopulated, 0U);
}

TEST_F(BuilderTest, CountsKillsInCgroupsThatAreLeftOut) {
  const auto write_kills = [&](const std::string& count) {
    for (const char* name : {"memory.events", "memory.events.local"})
      files.write(std::string("cgroup/k/") + name, "oom_kill " + count + "\n");
    files.write("proc/vmstat", "oom_kill " + count + "\n");
  };
  write_kills("0");
  files.write("cgroup/k/cgroup.events", "populated 0\n");
  auto settings = everything();
  settings.skip_unpopulated = true;
  Builder builder(roots(), settings, {}, log);
  (void)builder.build();
  EXPECT_EQ(builder.build()->unpopulated, 1U);
  write_kills("1");
  const auto snapshot = builder.build();
  EXPECT_EQ(snapshot->unpopulated, 1U);
  EXPECT_EQ(snapshot->ledger->owners.at({.cgroup = "/k"}).kills, 1U);
}

TEST_F(BuilderTest, AttributesKillsToTheFinestOwnerBelowAUnit) {
  const std::string slurm = "/system.slice/slurmstepd.scope";
  const std::string user = "/user.slice/user-4711.slice/user@4711.service/app.slice";
  const std::string condor = "/system.slice/condor.service/htcondor/condor_e_slot1_";
  const std::vector<std::pair<std::string, oom::Owner>> rows = {
      {slurm + "/job_77", {.job = "77"}},
      {slurm + "/s5K1KKYAYG5D00", {.job = "s5K1KKYAYG5D00"}},
      {condor + "1@n", {.job = "slot1_1@n"}},
      {condor + "2@n", {.job = "slot1_2@n"}},
      {user + "/app-firefox-1.scope", {.user = "4711", .unit = "app-firefox-1.scope"}},
      {user + "/build.service", {.user = "4711", .unit = "build.service"}},
      {slurm + "/system", {.unit = "slurmstepd.scope"}}};
  const auto write_kills = [&](const std::string& count) {
    for (const auto& [path, owner] : rows) {
      for (const char* name : {"/memory.events", "/memory.events.local"})
        files.write("cgroup" + path + name, "oom_kill " + count + "\n");
    }
  };
  files.write("proc/vmstat", "oom_kill 0\n");
  write_kills("0");
  Builder builder(roots(), everything(), {}, log);
  (void)builder.build();
  write_kills("1");
  files.write("proc/vmstat", "oom_kill " + std::to_string(rows.size()) + "\n");
  const auto snapshot = builder.build();
  EXPECT_EQ(snapshot->ledger->owners.size(), rows.size());
  for (const auto& [path, owner] : rows)
    EXPECT_EQ(snapshot->ledger->owners.at(owner).kills, 1U) << path;
}

TEST_F(BuilderTest, CountsOomKills) {
  const std::string none = "oom 0\noom_kill 0\noom_group_kill 0\n";
  const std::string one = "oom 1\noom_kill 1\noom_group_kill 0\n";
  files.write("proc/vmstat", "oom_kill 0\n");
  for (const char* name : {"memory.events", "memory.events.local"})
    files.write(std::string("cgroup/a/") + name, none);
  Builder builder(roots(), everything(), {}, log);
  (void)builder.build();
  for (const char* name : {"memory.events", "memory.events.local"})
    files.write(std::string("cgroup/a/") + name, one);
  files.write("proc/vmstat", "oom_kill 1\n");
  const auto snapshot = builder.build();
  ASSERT_EQ(snapshot->ledger->owners.size(), 1U);
  EXPECT_EQ(snapshot->ledger->owners.at({.cgroup = "/a"}).kills, 1U);
}

TEST_F(BuilderTest, WatchesMoreCgroupsForOomKillsWhenTheSettingsAllowMore) {
  oom::TrackerSettings tracker;
  tracker.is_watching = true;
  auto settings = everything();
  settings.max_cgroups = 1;
  Builder builder(roots(), settings, std::move(tracker), log);
  builder.start([] {});
  (void)builder.build();
  settings.max_cgroups = 100;
  builder.apply(settings);
  // Workers open them, in their own time.
  oom::WatchFigures figures;
  for (int i = 0; i < 1000 && figures.watched < 3; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    figures = builder.build()->tracker.watch;
  }
  EXPECT_EQ(figures.watched, 3U);
  EXPECT_EQ(figures.unwatched, 0U);
}

class ScanTest : public BuilderTest {
 protected:
  ScanTest() { count_descendants(2); }

  void count_descendants(int count) const {
    files.write("cgroup/cgroup.stat", "nr_descendants " + std::to_string(count) + "\n");
  }
  Builder builder_of(bool is_watching) {
    oom::TrackerSettings tracker;
    tracker.is_watching = is_watching;
    return {roots(), everything(), std::move(tracker), log};
  }
};

TEST_F(ScanTest, IsNotNeededWhileTheWatcherIsQuiet) {
  auto builder = builder_of(true);
  builder.start([] {});
  while (builder.scan()) std::this_thread::yield();
  EXPECT_FALSE(builder.scan());
  files.write("cgroup/c/memory.current", "1\n");
  while (!builder.scan()) std::this_thread::yield();
}

TEST_F(ScanTest, IsNeededWhenTheKernelCountsOtherwise) {
  auto builder = builder_of(true);
  builder.start([] {});
  while (builder.scan()) std::this_thread::yield();
  count_descendants(3);
  EXPECT_TRUE(builder.scan());
}

// The namespaces of a new cgroup are looked at again after a second, then after two.
TEST_F(ScanTest, LooksAgainAtWhatIsKnownWhenThatIsDue) {
  auto builder = builder_of(true);
  builder.start([] {});
  while (builder.scan()) std::this_thread::yield();
  const auto begin = std::chrono::steady_clock::now();
  while (!builder.scan()) {
    ASSERT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(30));
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

TEST_F(ScanTest, IsNeededWhereNobodyWatches) {
  auto builder = builder_of(false);
  builder.start([] {});
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(builder.scan());
}

TEST_F(BuilderTest, KeepsThePreparedLabelsOfACgroupThatStays) {
  Builder builder(roots(), everything(), {}, log);
  const auto before = builder.build();
  files.write("cgroup/0/memory.current", "1\n");
  const auto after = builder.build();
  EXPECT_EQ(after->cgroups[2], before->cgroups[1]);
}

TEST_F(BuilderTest, DoesNotTakeAnInodeForAPath) {
  Builder builder(roots(), everything(), {}, log);
  static_cast<void>(builder.build());
  std::filesystem::rename(files.path("cgroup/a"), files.path("cgroup/z"));
  files.write("cgroup/a/memory.current", "1\n");
  EXPECT_EQ(paths(*builder.build()), (Paths{"/", "/a", "/z", "/z/b"}));
}

TEST_F(BuilderTest, AnEarlierSnapshotDoesNotChange) {
  Builder builder(roots(), everything(), {}, log);
  const auto before = builder.build();
  files.remove("cgroup/a");
  EXPECT_EQ(builder.build()->cgroups.size(), 1U);
  EXPECT_EQ(paths(*before), (Paths{"/", "/a", "/a/b"}));
}

TEST_F(BuilderTest, TellsWhatTheKernelOffers) {
  files.write("cgroup/a/b/memory.peak", "10\n");
  files.write(
      "proc/self/mountinfo",
      "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate,memory_localevents\n");
  Builder builder(roots(), everything(), {}, log);
  std::map<std::string_view, bool> features;
  const auto snapshot = builder.build();
  for (const auto& feature : snapshot->features) features[feature.name] = feature.is_there;
  EXPECT_TRUE(features.at("memory_peak"));
  EXPECT_FALSE(features.at("memory_swap"));
  EXPECT_FALSE(features.contains("pids_peak")) << "no cgroup has the controller";
  EXPECT_TRUE(features.at("controller_memory"));
  EXPECT_FALSE(features.at("controller_cpu"));
  EXPECT_TRUE(features.at("memory_localevents"));
  EXPECT_FALSE(features.at("memory_recursiveprot"));
}

TEST_F(BuilderTest, SaysOfPressureWhatReadingItTells) {
  files.write("cgroup/a/memory.pressure", "some total=1\n");
  const auto features_with = [&](const Settings& settings) {
    Builder builder(roots(), settings, {}, log);
    std::map<std::string_view, bool> features;
    const auto snapshot = builder.build();
    for (const auto& feature : snapshot->features) features[feature.name] = feature.is_there;
    return features;
  };
  EXPECT_TRUE(features_with(everything()).at("psi"));
  auto settings = everything();
  settings.selection.enabled.reset(index(catalog::Collector::pressure));
  EXPECT_FALSE(features_with(settings).contains("psi"));
  EXPECT_FALSE(features_with(settings).at("irq_pressure")) << "no directory has it";
}

TEST_F(BuilderTest, CountsAMissingMeminfo) {
  files.remove("proc/meminfo");
  Builder builder(roots(), everything(), {}, log);
  EXPECT_EQ(builder.build()->read_errors.count({"meminfo", "ENOENT"}), 1U);
}

using Kills = std::vector<std::pair<std::string, std::uint64_t>>;

// Builders that are begun while another one lives find what that one saved, as if it had been
// killed. A counter that falls is a new start to Prometheus, which adds all of it again.
class RestartTest : public BuilderTest {
 protected:
  RestartTest() {
    files.write("proc/sys/kernel/random/boot_id", "b\n");
    tracker.state_file = files.path("state/oom.json");
  }

  void kill(const std::string& cgroup, int kills) const {
    const std::string events = "oom_kill " + std::to_string(kills) + "\n";
    files.write("cgroup/" + cgroup + "/memory.events", events);
    files.write("cgroup/" + cgroup + "/memory.events.local", events);
  }

  static Kills shown(const Snapshot& snapshot) {
    Kills kills;
    for (const auto& [owner, entry] : snapshot.ledger->owners)
      kills.emplace_back(owner.cgroup, entry.kills);
    return kills;
  }

  oom::TrackerSettings tracker;
};

TEST_F(RestartTest, ShowsNoKillThatAKilledExporterWouldForget) {
  Builder builder(roots(), everything(), tracker, log);
  std::shared_ptr<const Snapshot> last;
  for (int kills = 0; kills < 4; ++kills) {
    kill("a", kills);
    builder.scan();  // which does not save more than once a second
    last = builder.build();
  }
  files.remove("cgroup/a");
  Builder next(roots(), everything(), tracker, log);
  EXPECT_EQ(shown(*last), (Kills{{"/a", 3}}));
  EXPECT_EQ(shown(*next.build()), shown(*last));
}

}  // namespace
}  // namespace cgroup2::snapshot
