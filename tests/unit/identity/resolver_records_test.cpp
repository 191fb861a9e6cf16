// SPDX-License-Identifier: Apache-2.0
// Who chose the name of a cgroup, where its directory may have been made by somebody else than
// root.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "scene.h"

namespace cgroup2::identity::test {
namespace {

constexpr unsigned uid = 996;

//   /system.slice/x.service with User=app and Delegate=
class ResolverOwnerTest : public testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "only root can give directories away";
    scene_.tree.write("root/etc/passwd",
                      "root:x:0:0::/root:/bin/sh\napp:x:996:996::/srv/app:/bin/sh\n");
    scene_.tree.write("root/var/lib/docker/containers/" + id_a + "/config.v2.json",
                      R"({"Name":"/roots","Config":{}})");
    root_ = scene_.add("/", "");
    slice_ = scene_.add("/system.slice", "", root_);
    service_ = scene_.add("/system.slice/x.service", "", slice_);
  }

  Scene scene_;
  std::size_t root_ = 0, slice_ = 0, service_ = 0;
  const std::string in_service_ = "/system.slice/x.service/docker-" + id_a + ".scope";
};

TEST_F(ResolverOwnerTest, ServiceOfAUserDoesNotGetTheNamesOfRootsContainer) {
  scene_.give_away(service_, uid);
  const auto imitation = scene_.add(in_service_, "", service_);
  const auto below = scene_.add(in_service_ + "/a", "", imitation);
  scene_.poll();
  for (const auto index : {imitation, below}) {
    EXPECT_EQ(scene_[index]->user, "app");
    EXPECT_EQ(scene_[index]->names.container, "");
    EXPECT_EQ(scene_[index]->workload.container_id, id_a);
  }
  EXPECT_EQ(scene_[service_]->user, "") << "root made the unit";
}

TEST_F(ResolverOwnerTest, AUnitThatMachinedHasRegisteredIsAMachine) {
  const std::string machines = "root/run/systemd/machines/";
  const auto slice = scene_.add("/machine.slice", "", root_);
  const auto web = scene_.add("/machine.slice/container@web.service", "", slice);
  const auto inside =
      scene_.add("/machine.slice/container@web.service/docker-" + id_a + ".scope", "", web);
  scene_.poll();
  EXPECT_EQ(scene_[web]->workload.kind, WorkloadKind::other);
  scene_.tree.write(machines + "web", "NAME=web\n");
  scene_.tree.link(machines + "unit:container@web.service", "web");
  scene_.tree.link(machines + "unit:x.service", "x");
  scene_.poll();
  EXPECT_EQ(scene_[web]->workload.kind, WorkloadKind::container);
  EXPECT_EQ(scene_[web]->names.container, "web");
  EXPECT_EQ(scene_[web]->workload.unit, "container@web.service");
  EXPECT_EQ(scene_[inside]->workload.container_id, "web") << "it is the machine's";
  EXPECT_EQ(scene_[inside]->workload.subpath, "docker-" + id_a + ".scope");
  EXPECT_EQ(scene_[service_]->workload.container_id, "x");
  EXPECT_EQ(scene_[web]->user, "");
}

TEST_F(ResolverOwnerTest, WhoWasGivenASliceCannotMakeAMachine) {
  const auto slice = scene_.add("/users.slice", "", root_);
  scene_.give_away(slice, uid);
  const auto imitation = scene_.add("/users.slice/container@web.service", "", slice);
  scene_.tree.link("root/run/systemd/machines/unit:container@web.service", "web");
  scene_.poll();
  EXPECT_EQ(scene_[imitation]->workload.kind, WorkloadKind::other);
}

TEST_F(ResolverOwnerTest, ServiceOfAUserHasTheNamesOfTheUsersContainers) {
  const auto file = ".local/share/docker/containers/" + id_a + "/config.v2.json";
  scene_.tree.write("root/srv/app/" + file, R"({"Name":"/apps","Config":{}})");
  std::filesystem::path owned = scene_.tree.path("root/srv/app/" + file);
  for (; owned.filename() != "srv"; owned = owned.parent_path())
    ASSERT_EQ(::chown(owned.c_str(), uid, uid), 0) << owned;
  scene_.give_away(service_, uid);
  const auto container = scene_.add(in_service_, "", service_);
  scene_.poll();
  EXPECT_EQ(scene_[container]->names.container, "apps");
  EXPECT_EQ(scene_[container]->user, "app");
}

TEST_F(ResolverOwnerTest, ServiceOfRootHasTheNamesOfRootsContainers) {
  const auto container = scene_.add(in_service_, "", service_);
  const auto below = scene_.add(in_service_ + "/a", "", container);
  scene_.poll();
  EXPECT_EQ(scene_[below]->names.container, "roots");
  EXPECT_EQ(scene_[below]->user, "");
}

// A container whose user namespace has a root of its own owns its cgroup, but did not make it.
TEST_F(ResolverOwnerTest, ContainerThatOwnsItsCgroupKeepsItsName) {
  const auto container = scene_.add("/system.slice/docker-" + id_a + ".scope", "", slice_);
  scene_.give_away(container, 100'000);
  const auto below = scene_.add("/system.slice/docker-" + id_a + ".scope/init", "", container);
  scene_.poll();
  for (const auto index : {container, below}) {
    EXPECT_EQ(scene_[index]->names.container, "roots");
    EXPECT_EQ(scene_[index]->user, "");
  }
}

TEST_F(ResolverOwnerTest, ServiceThatIsGivenAwayAfterItWasSeenCountsAsGivenAway) {
  scene_.poll();
  scene_.give_away(service_, uid);
  const auto imitation = scene_.add(in_service_, "", service_);
  scene_.poll();
  EXPECT_EQ(scene_[imitation]->user, "app");
}

TEST_F(ResolverOwnerTest, WhatIsMadeBelowAUsersDirectoryIsTheUsersWhoeverOwnsIt) {
  scene_.give_away(service_, uid);
  const auto inner = scene_.add("/system.slice/x.service/inner", "", service_);
  scene_.give_away(inner, 997);
  const auto imitation =
      scene_.add("/system.slice/x.service/inner/docker-" + id_a + ".scope", "", inner);
  scene_.poll();
  EXPECT_EQ(scene_[imitation]->user, "app");
  EXPECT_EQ(scene_[inner]->user, "") << "its unit is root's, and it is called by it";
}

TEST_F(ResolverOwnerTest, UserOfWhatIsRemovedComesFromTheLowestDirectoryThatIsKnown) {
  scene_.give_away(service_, uid);
  scene_.poll();
  EXPECT_EQ(scene_.identify_by_path(in_service_).user, "app");
  EXPECT_EQ(scene_.identify_by_path(in_service_).names.container, "");
  EXPECT_EQ(
      scene_.identify_by_path("/system.slice/x.service/not/seen/docker-" + id_a + ".scope/a").user,
      "app");
  EXPECT_EQ(scene_.identify_by_path("/system.slice/x.servic/docker-" + id_a + ".scope").user, "");
  EXPECT_EQ(scene_.identify_by_path("/system.slice/docker-" + id_a + ".scope/a").names.container,
            "roots");
  EXPECT_EQ(scene_.identify_by_path("/system.slice/x.service/a").user, "");
}

TEST_F(ResolverOwnerTest, DelegatedServiceThatIsGoneCannotSpeakForRootsContainer) {
  const auto victim = scene_.add("/system.slice/docker-" + id_a + ".scope", "", slice_);
  scene_.poll();
  EXPECT_EQ(scene_[victim]->names.container, "roots");
  const std::string gone = "/system.slice/gone.service";
  const std::string pod = "/kubepods/burstable/pod2942c55e-c9cb-428a-93f4-eaf89c1f3ce0";
  for (const std::string& below :
       {"/docker-" + id_a + ".scope", "/docker-" + id_a + ".scope/a", pod + "/" + id_a,
        std::string("/slurm/uid_1000/job_42"), "/x.scope/docker-" + id_a + ".scope"}) {
    const auto identity = scene_.identify_by_path(gone + below);
    EXPECT_EQ(identity.names, Names()) << below;
    EXPECT_TRUE(identity.workload == Workload{.unit = "gone.service"}) << below;
    EXPECT_EQ(identity.user, "") << below;
  }
  EXPECT_EQ(
      scene_.identify_by_path("/system.slice/x-1.scope/docker-" + id_a + ".scope").workload.unit,
      "x-1.scope")
      << "systemd can give scopes away, too";
}

TEST_F(ResolverOwnerTest, WhatSystemdGaveAwaySinceTheWalkIsNotRoots) {
  scene_.poll();
  scene_.give_away(service_, uid);
  EXPECT_EQ(scene_.identify_by_path(in_service_).user, "app");
  EXPECT_EQ(scene_.identify_by_path(in_service_).names.container, "");
}

TEST_F(ResolverOwnerTest, DelegatedServiceThatWasMadeAgainCannotSpeakForRootsContainer) {
  scene_.poll();
  scene_.add("/system.slice/again.service", "", slice_);
  scene_.poll();
  const std::string imitation = "/system.slice/again.service/docker-" + id_a + ".scope";
  EXPECT_EQ(scene_.identify_by_path(imitation).workload.kind, WorkloadKind::other)
      << "systemd has not given it away yet, as the one before";
  scene_.poll();
  EXPECT_EQ(scene_.identify_by_path(imitation).names.container, "roots") << "it is root's";
}

TEST_F(ResolverOwnerTest, RootsContainerThatIsGoneKeepsItsNameWhereOnlyRootCouldMakeIt) {
  scene_.poll();
  scene_.poll();
  const std::string scope = "/docker-" + id_a + ".scope";
  for (const std::string& above :
       {std::string("/system.slice"), std::string("/system.slice/x.service"),
        std::string("/system.slice/x.service/not/seen"), std::string("/lab.slice/lab-a.slice"),
        std::string("/lab")}) {
    EXPECT_EQ(scene_.identify_by_path(above + scope).names.container, "roots") << above;
    EXPECT_EQ(scene_.identify_by_path(above + scope + "/init.scope").names.container, "roots")
        << above;
  }
}

TEST_F(ResolverOwnerTest, OwnerOfTheTopmostCgroupCountsAsRoot) {
  for (const auto index : {root_, slice_, service_}) scene_.give_away(index, 65'534);
  const auto container = scene_.add(in_service_, "", service_);
  scene_.poll();
  EXPECT_EQ(scene_[container]->names.container, "roots");
}

}  // namespace
}  // namespace cgroup2::identity::test
