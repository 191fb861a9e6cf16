// SPDX-License-Identifier: Apache-2.0
#include "snapshot/path_owners.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/read_errors.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::snapshot {
namespace {

using namespace std::chrono_literals;

class PathOwnersTest : public testing::Test {
 protected:
  base::Dir open(const std::string& name) const {
    return std::move(*base::Dir::open(files_.path(name)));
  }

  test::Tree files_{{"proc/", ""}};
  test::RecordingLog log_;
  base::ReadErrors errors_{log_};
};

TEST_F(PathOwnersTest, AsksWhoseAPathIsAndNotAheadWithoutTime) {
  identity::Resolver resolver(open("proc"), base::Dir(), {}, errors_);
  const auto now = base::Clock::now();
  PathOwners late(resolver, {}, now);
  EXPECT_FALSE(late.has_time());
  EXPECT_EQ(late.identify("/system.slice/a.service").owner.unit, "a.service");
  EXPECT_TRUE(PathOwners(resolver, {}, now + 1h).has_time());
}

TEST_F(PathOwnersTest, TakesWhatWasInAServiceThatNobodySawForTheServices) {
  identity::Resolver resolver(open("proc"), base::Dir(), {}, errors_);
  PathOwners owners(resolver, {}, base::Clock::now());
  const std::string imitation = "/system.slice/a.service/docker-" + std::string(64, 'a') + ".scope";
  EXPECT_EQ(owners.identify(imitation).owner, (oom::Owner{.unit = "a.service"}));
  EXPECT_EQ(owners.identify(imitation).start, oom::ContainerStart::none);
}

TEST_F(PathOwnersTest, KnowsWhoseKillsTheyAreHoweverManyAUserMakes) {
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

TEST_F(PathOwnersTest, TellsWithWhichCgroupsContainersBegin) {
  using oom::ContainerStart;
  identity::Resolver resolver(open("proc"), base::Dir(), {}, errors_);
  const auto start_of = [&](identity::WorkloadKind kind, bool may_get_name,
                            const std::string& subpath) {
    auto identity = std::make_shared<identity::Identity>();
    identity->workload.kind = kind;
    identity->workload.subpath = subpath;
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

TEST_F(PathOwnersTest, ReadsTheFilesOnceForAllThatAPathTells) {
  const std::string id(64, 'a');
  files_.write("root/var/lib/docker/containers/" + id + "/config.v2.json",
               R"({"Name":"/web","Config":{"Image":"nginx"}})");
  identity::Resolver resolver(open("proc"), open("root"), {}, errors_);
  PathOwners gone(resolver, {}, base::Clock::now());
  const auto found = gone.identify("/system.slice/docker-" + id + ".scope");
  EXPECT_EQ(found.owner.container, "web");
  EXPECT_EQ(found.start, oom::ContainerStart::known);
  EXPECT_EQ(resolver.lookups().get(identity::IdentitySource::docker, identity::LookupResult::found),
            1U);
}

}  // namespace
}  // namespace cgroup2::snapshot
