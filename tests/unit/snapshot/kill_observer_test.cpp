// SPDX-License-Identifier: Apache-2.0
#include "snapshot/kill_observer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "base/read_errors.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::snapshot {
namespace {

using namespace std::chrono_literals;

class KillObserverTest : public testing::Test {
 protected:
  base::Dir open(const std::string& name) const {
    return std::move(*base::Dir::open(files_.path(name)));
  }

  test::Tree files_{{"cgroup/a/memory.events", "oom_kill 3\n"},
                    {"cgroup/a/memory.events.local", "oom 1\noom_kill 2\n"},
                    {"cgroup/b/memory.events", "oom_kill 1\n"},
                    {"cgroup/c/memory.events", "oom_kill 1\n"},
                    {"cgroup/c/memory.events.local", "rubbish\n"},
                    {"proc/", ""}};
  test::RecordingLog log_;
  base::ReadErrors errors_{log_};
  cgroup::Interface interface_;
  EventTexts texts_{interface_};
  cgroup::Tree tree_{open("cgroup"), interface_, errors_};
  KillObserver observer_{texts_};

  // What a pass observes of the cgroup at that position, whose directory is known already.
  oom::Observation observe(std::size_t position) {
    observer_.begin_pass();
    return observer_.observe(*tree_.nodes()[position]);
  }
};

TEST_F(KillObserverTest, ReadsTheCountersAndWhichFileTheyAreOf) {
  tree_.refresh();
  const cgroup::Node& node = *tree_.nodes()[1];
  const auto seen = observe(1);
  EXPECT_EQ(seen.cgroup.id, node.id);
  EXPECT_EQ(seen.cgroup.parent, tree_.nodes()[0]->id);
  EXPECT_NE(seen.cgroup.generation, 0U);
  EXPECT_EQ(seen.parent_index, 0U);
  EXPECT_EQ(seen.path, "/a");
  EXPECT_EQ(seen.total.oom_kill, 3U);
  EXPECT_EQ(seen.local.oom_kill, 2U);
  EXPECT_EQ(seen.local.oom, 1U);
}

TEST_F(KillObserverTest, HasNoGenerationWhereEitherFileCannotBeRead) {
  tree_.refresh();
  const auto root = observe(0);
  EXPECT_EQ(root.cgroup.generation, 0U);
  EXPECT_EQ(root.cgroup.parent, 0U);
  EXPECT_EQ(root.parent_index, oom::Observation::no_parent);
  for (const std::size_t i : {2U, 3U}) {
    const auto seen = observe(i);
    EXPECT_EQ(seen.cgroup.generation, 0U) << seen.path;
    EXPECT_EQ(seen.total.oom_kill, 0U) << seen.path;
  }
}

TEST_F(KillObserverTest, KeepsWhatItReadAlsoWhereItCannotBeParsed) {
  tree_.refresh();
  observer_.begin_pass();
  for (const cgroup::Node* const node : tree_.nodes()) (void)observer_.observe(*node);
  texts_.finish();
  const auto texts = [&](std::size_t position) {
    std::vector<std::string> found;
    for (const auto& each : texts_.of(position)) found.emplace_back(each.text);
    return found;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(texts(0), Texts{});
  EXPECT_EQ(texts(1), (Texts{"oom_kill 3\n", "oom 1\noom_kill 2\n"}));
  EXPECT_EQ(texts(2), Texts{"oom_kill 1\n"});
  EXPECT_EQ(texts(3), (Texts{"oom_kill 1\n", "rubbish\n"}));
}

TEST_F(KillObserverTest, LocalEventsAreReadOnceMoreAfterAChangeAndThenKept) {
  tree_.refresh();
  (void)observe(1);
  files_.write("cgroup/a/memory.events.local", "oom_kill 1\n");
  EXPECT_EQ(observe(1).local.oom_kill, 1U)
      << "read once more, whatever the order of the writes was";
  EXPECT_EQ(observe(1).local.oom_kill, 1U);
  files_.write("cgroup/a/memory.events.local", "oom_kill 7\n");
  EXPECT_EQ(observe(1).local.oom_kill, 1U) << "kept";
  texts_.finish();
  ASSERT_EQ(texts_.of(0).size(), 2U);
  EXPECT_EQ(texts_.of(0)[1].text, "oom_kill 1\n") << "kept for the samples as well";
}

TEST_F(KillObserverTest, LocalEventsAreReadWhenTheTotalChanges) {
  tree_.refresh();
  for (int pass = 0; pass < 4; ++pass) (void)observe(1);
  files_.write("cgroup/a/memory.events.local", "oom_kill 3\n");
  files_.write("cgroup/a/memory.events", "oom_kill 4\n");
  EXPECT_EQ(observe(1).local.oom_kill, 3U);
  EXPECT_EQ(observer_.misses(), 0U);
}

TEST_F(KillObserverTest, ANewGenerationIsSeenThoughItCountsTheSame) {
  tree_.refresh();
  oom::Observation before;
  for (int pass = 0; pass < 4; ++pass) before = observe(1);
  // Made before the old ones are removed, so that no inode is used again.
  files_.write("cgroup/a/new", "oom_kill 3\n");
  files_.write("cgroup/a/new.local", "oom 1\noom_kill 2\n");
  std::filesystem::rename(files_.path("cgroup/a/new"), files_.path("cgroup/a/memory.events"));
  std::filesystem::rename(files_.path("cgroup/a/new.local"),
                          files_.path("cgroup/a/memory.events.local"));
  const auto after = observe(1);
  EXPECT_NE(after.cgroup.generation, before.cgroup.generation);
  EXPECT_EQ(after.local, before.local);
}

TEST_F(KillObserverTest, CountsLocalEventsThatChangedAloneWithinThirtyPasses) {
  tree_.refresh();
  for (int pass = 0; pass < 4; ++pass) (void)observe(1);
  files_.write("cgroup/a/memory.events.local", "oom_kill 3\n");
  oom::Observation seen;
  for (int pass = 0; pass < 32; ++pass) seen = observe(1);
  EXPECT_EQ(seen.local.oom_kill, 3U);
  EXPECT_EQ(observer_.misses(), 1U);
}

TEST_F(KillObserverTest, AnEventThatReachesTheTotalLaterIsNoMiss) {
  tree_.refresh();
  for (int pass = 0; pass < 3; ++pass) (void)observe(1);
  for (std::uint64_t kills = 4; kills < 60; ++kills) {
    files_.write("cgroup/a/memory.events.local", "oom_kill " + std::to_string(kills) + "\n");
    (void)observe(1);
    files_.write("cgroup/a/memory.events", "oom_kill " + std::to_string(kills) + "\n");
    EXPECT_EQ(observe(1).local.oom_kill, kills);
    for (int pass = 0; pass < static_cast<int>(kills % 7); ++pass) (void)observe(1);
  }
  EXPECT_EQ(observer_.misses(), 0U);
}

TEST_F(KillObserverTest, ForgetsACgroupThatAPassDidNotObserve) {
  tree_.refresh();
  for (int pass = 0; pass < 4; ++pass) (void)observe(1);
  (void)observe(2);
  files_.write("cgroup/a/memory.events.local", "oom_kill 3\n");
  EXPECT_EQ(observe(1).local.oom_kill, 3U);
}

TEST_F(KillObserverTest, AsksWhoseAPathIsAndNotAheadWithoutTime) {
  identity::Resolver resolver(open("proc"), base::Dir(), {}, errors_);
  const auto now = base::Clock::now();
  PathOwners late(resolver, {}, now);
  EXPECT_FALSE(late.has_time());
  EXPECT_EQ(late.identify("/system.slice/a.service").owner.unit, "a.service");
  EXPECT_TRUE(PathOwners(resolver, {}, now + 1h).has_time());
}

TEST_F(KillObserverTest, TakesWhatWasInAServiceThatNobodySawForTheServices) {
  identity::Resolver resolver(open("proc"), base::Dir(), {}, errors_);
  PathOwners owners(resolver, {}, base::Clock::now());
  const std::string imitation = "/system.slice/a.service/docker-" + std::string(64, 'a') + ".scope";
  EXPECT_EQ(owners.identify(imitation).owner, (oom::Owner{.unit = "a.service"}));
  EXPECT_EQ(owners.identify(imitation).start, oom::ContainerStart::none);
}

TEST_F(KillObserverTest, KnowsWhoseKillsTheyAreHoweverManyAUserMakes) {
  files_.write("root/etc/passwd", "eve:x:4001:4001::/home/eve:/bin/sh\n");
  identity::Resolver resolver(open("proc"), open("root"), {}, errors_);
  PathOwners gone(resolver, {}, base::Clock::now());
  for (int i = 100; i < 200; ++i) {
    const std::string scope = "docker-" + std::string(61, 'a') + std::to_string(i) + ".scope";
    const auto owner =
        gone.identify("/user.slice/user-4001.slice/user@4001.service/" + scope).owner;
    EXPECT_EQ(owner.user, "eve");
    EXPECT_EQ(owner.unit, scope);
  }
}

TEST_F(KillObserverTest, TellsWithWhichCgroupsContainersBegin) {
  using oom::ContainerStart;
  identity::Resolver resolver(open("proc"), base::Dir(), {}, errors_);
  const auto start_of = [&](identity::WorkloadKind kind, bool may_get_name,
                            const std::string& subpath) {
    auto identity = std::make_shared<identity::Identity>();
    identity->owner.kind = kind;
    identity->owner.subpath = subpath;
    identity->may_get_name = may_get_name;
    const std::vector<std::shared_ptr<const Cgroup>> cgroups{make_cgroup("/a", identity)};
    return PathOwners(resolver, cgroups, base::Clock::now()).start_of(std::size_t{0});
  };
  using identity::WorkloadKind;
  EXPECT_EQ(start_of(WorkloadKind::container, false, ""), ContainerStart::known);
  EXPECT_EQ(start_of(WorkloadKind::container, true, ""), ContainerStart::open);
  EXPECT_EQ(start_of(WorkloadKind::container, false, "init.scope"), ContainerStart::none);
  EXPECT_EQ(start_of(WorkloadKind::vm, false, ""), ContainerStart::known);
  for (const auto kind : {WorkloadKind::sandbox, WorkloadKind::pod, WorkloadKind::job,
                          WorkloadKind::conmon, WorkloadKind::other})
    EXPECT_EQ(start_of(kind, false, ""), ContainerStart::none);
  PathOwners gone(resolver, {}, base::Clock::now());
  EXPECT_EQ(gone.identify("/machine.slice/systemd-nspawn@web.service").start, ContainerStart::open);
  EXPECT_EQ(gone.identify("/system.slice/a.service").start, ContainerStart::none);
}

TEST_F(KillObserverTest, ReadsTheFilesOnceForAllThatAPathTells) {
  const std::string id(64, 'a');
  files_.write("root/var/lib/docker/containers/" + id + "/config.v2.json",
               R"({"Name":"/web","Config":{"Image":"nginx"}})");
  identity::Resolver resolver(open("proc"), open("root"), {}, errors_);
  PathOwners gone(resolver, {}, base::Clock::now());
  const auto found = gone.identify("/system.slice/docker-" + id + ".scope");
  EXPECT_EQ(found.owner.container, "web");
  EXPECT_EQ(found.start, oom::ContainerStart::known);
  EXPECT_EQ(resolver.lookups().get(identity::IdentitySource::docker, identity::Lookup::found), 1U);
}

}  // namespace
}  // namespace cgroup2::snapshot
