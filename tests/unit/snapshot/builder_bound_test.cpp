// SPDX-License-Identifier: Apache-2.0
// Tests what a poll shows where a user makes more cgroups than the bound.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "snapshot/builder.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::snapshot {
namespace {

const std::string user = "/user.slice/user-1000.slice";
const std::string pod =
    "/kubepods.slice/kubepods-burstable.slice/"
    "kubepods-burstable-pod2942c55e_c9cb_428a_93f4_eaf89c1f3ce0.slice";
const std::string container = pod + "/cri-containerd-" + std::string(64, 'a') + ".scope";

class BuilderBoundTest : public testing::Test {
 protected:
  BuilderBoundTest() {
    for (int i = 0; i < 100; ++i)
      files_.write("cgroup" + user + "/" + std::to_string(i) + "/memory.current", "1\n");
  }

  Builder make_builder() const {
    Settings settings;
    settings.selection.enabled.set();
    settings.filter = [](std::string_view) { return true; };
    settings.max_cgroups = 50;
    return {Roots{*base::Dir::open(files_.path("cgroup")), *base::Dir::open(files_.path("proc")),
                  base::Dir(), base::Dir()},
            settings,
            {},
            log_};
  }

  void kill(int kills) const {
    const std::string count = std::to_string(kills);
    const std::string events = "oom " + count + "\noom_kill " + count + "\noom_group_kill 0\n";
    for (const std::string& path :
         {std::string(), std::string("/kubepods.slice"),
          std::string("/kubepods.slice/kubepods-burstable.slice"), pod, container}) {
      files_.write("cgroup" + path + "/memory.events", events);
      files_.write("cgroup" + path + "/memory.events.local",
                   path == container ? events : "oom 0\noom_kill 0\noom_group_kill 0\n");
    }
    files_.write("proc/vmstat", "oom_kill " + count + "\n");
  }

  static bool has(const Snapshot& snapshot, const std::string& path) {
    return std::ranges::any_of(snapshot.cgroups,
                               [&](const auto& cgroup) { return cgroup->path == path; });
  }

  test::Tree files_{{"proc/meminfo", "MemTotal: 1024 kB\n"}, {"proc/vmstat", "oom_kill 0\n"}};
  mutable test::RecordingLog log_;
};

TEST_F(BuilderBoundTest, APodThatStartsIsInTheNextSnapshotAndItsKillIsAttributed) {
  Builder builder = make_builder();
  const auto before = builder.build();
  EXPECT_EQ(before->cgroups.size(), 51U);
  kill(0);
  const auto snapshot = builder.build();
  EXPECT_EQ(snapshot->cgroups.size(), 51U);
  EXPECT_TRUE(has(*snapshot, pod));
  EXPECT_TRUE(has(*snapshot, container));
  kill(1);
  const auto& owners = builder.build()->ledger->owners;
  const auto owner = std::ranges::find_if(owners, [](const auto& entry) {
    return entry.first.unit.starts_with("cri-containerd-") && entry.second.kills == 1;
  });
  EXPECT_NE(owner, owners.end());
}

TEST_F(BuilderBoundTest, TheSubtreeThatWasCutIsNamedInTheSnapshotAndOnceInTheLog) {
  Builder builder = make_builder();
  for (int i = 0; i < 3; ++i) {
    const auto snapshot = builder.build();
    ASSERT_EQ(snapshot->dropped_by_subtree.size(), 1U);
    EXPECT_EQ(snapshot->dropped_by_subtree[0].top, user);
    EXPECT_EQ(snapshot->dropped_by_subtree[0].dropped, 52U);
    EXPECT_EQ(snapshot->dropped, 52U);
  }
  const auto lines = log_.lines();
  EXPECT_EQ(std::ranges::count_if(lines,
                                  [](const auto& line) {
                                    return line.text.starts_with(
                                        "too many cgroups, some are left out subtree=" + user);
                                  }),
            1);
}

TEST_F(BuilderBoundTest, TenSubtreesAreNamed) {
  for (int uid = 0; uid < 12; ++uid) {
    for (int i = 0; i < 9; ++i) {
      files_.write(
          "cgroup/user.slice/user-" + std::to_string(uid) + ".slice/" + std::to_string(i) + "/",
          "");
    }
  }
  EXPECT_EQ(make_builder().build()->dropped_by_subtree.size(), 10U);
}

}  // namespace
}  // namespace cgroup2::snapshot
