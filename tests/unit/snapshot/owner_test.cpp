// SPDX-License-Identifier: Apache-2.0
#include "snapshot/owner.h"

#include <gtest/gtest.h>

#include <string>

#include "identity/paths.h"

namespace cgroup2::snapshot {
namespace {

TEST(OwnerOf, IsThePodsContainerElseTheContainerElseTheUnitElseThePath) {
  identity::Identity identity;
  EXPECT_EQ(owner_of(identity, "/p").cgroup, "/p");
  identity.workload.unit = "a.service";
  EXPECT_EQ(owner_of(identity, "/p"), (oom::Owner{.unit = "a.service"}));
  identity.names.container = "web";
  EXPECT_EQ(owner_of(identity, "/p"), (oom::Owner{.container = "web"}));
  identity.names.pod = "shop-0";
  identity.names.namespace_name = "shop";
  EXPECT_EQ(owner_of(identity, "/p"), (oom::Owner{"shop", "shop-0", "web"}));
}

TEST(OwnerOf, KeepsAContainerThatMayGetItsNameApartFromItsPod) {
  identity::Identity identity;
  identity.names.namespace_name = "shop";
  identity.names.pod = "shop-0";
  const oom::Owner pod{"shop", "shop-0"};
  EXPECT_EQ(owner_of(identity, "/p"), pod);
  identity.may_get_name = true;
  EXPECT_EQ(owner_of(identity, "/p"),
            (oom::Owner{.namespace_name = "shop", .pod = "shop-0", .cgroup = "/p"}));
  identity.workload.unit = "cri-containerd-1.scope";
  EXPECT_EQ(
      owner_of(identity, "/p"),
      (oom::Owner{.namespace_name = "shop", .pod = "shop-0", .unit = "cri-containerd-1.scope"}));
}

TEST(OwnerOf, IsAnotherOneForAUserWhoChoseTheSameName) {
  identity::Identity identity;
  identity.names.container = "db";
  identity.user = "eve";
  EXPECT_EQ(owner_of(identity, "/p"), (oom::Owner{.container = "db", .user = "eve"}));
  identity.names.container.clear();
  EXPECT_EQ(owner_of(identity, "/p"), (oom::Owner{.user = "eve", .cgroup = "/p"}));
}

// The owner of a cgroup that only its path identifies, as its labels.
std::string owner_at(const std::string& path, const std::string& user = {}) {
  identity::Identity identity;
  identity.workload = identity::parse_path(path);
  identity.user = user;
  const oom::Owner owner = owner_of(identity, path);
  std::string text;
  for (const auto& [name, value] : oom::owner_labels) {
    if (!(owner.*value).empty()) text.append(name).append("=").append(owner.*value).append(" ");
  }
  return text;
}

TEST(OwnerOf, IsTheJobOfABatchSystem) {
  EXPECT_EQ(owner_at("/system.slice/slurmstepd.scope/job_77/step_0/user/task_1"), "job=77 ");
  EXPECT_EQ(owner_at("/system.slice/slurmstepd.scope/job_78"), "job=78 ");
  EXPECT_EQ(owner_at("/system.slice/slurmstepd.scope/s5K1KKYAYG5D00/step_0"),
            "job=s5K1KKYAYG5D00 ");
  EXPECT_EQ(owner_at("/slurm/uid_1000/job_9", "eve"), "user=eve job=9 ");
  EXPECT_EQ(owner_at("/system.slice/condor.service/htcondor/condor_e_slot1_2@n"), "job=slot1_2@n ");
  EXPECT_EQ(owner_at("/system.slice/slurmstepd.scope/system"), "unit=slurmstepd.scope ");
}

TEST(OwnerOf, IsTheUnitOfTheUsersSystemd) {
  const std::string manager = "/user.slice/user-1000.slice/user@1000.service";
  EXPECT_EQ(owner_at(manager + "/app.slice/app-firefox-1.scope", "eve"),
            "user=eve unit=app-firefox-1.scope ");
  EXPECT_EQ(owner_at(manager + "/app.slice/build.service/worker", "eve"),
            "user=eve unit=build.service ");
  EXPECT_EQ(owner_at(manager + "/init.scope", "eve"), "user=eve unit=init.scope ");
  EXPECT_EQ(owner_at(manager, "eve"), "user=eve unit=user@1000.service ");
  EXPECT_EQ(owner_at("/user.slice/user-1000.slice/session-3.scope"), "unit=session-3.scope ");
}

TEST(OwnerOf, IsAMachineOrANamelessContainerAndNotTheServiceThatRunsSeveral) {
  const std::string id(64, 'a'), other(64, 'b');
  const std::string docker = "/system.slice/docker.service/system.slice:docker:";
  EXPECT_EQ(owner_at(docker + id + "/init"), "cgroup=" + docker + id + ' ');
  EXPECT_NE(owner_at(docker + id), owner_at(docker + other));
  EXPECT_EQ(owner_at("/system.slice/garden.service/garden/good/h1/x"),
            "cgroup=/system.slice/garden.service/garden/good/h1 ");
  EXPECT_EQ(owner_at("/machine/qemu-3-web.libvirt-qemu/emulator"),
            "cgroup=/machine/qemu-3-web.libvirt-qemu ");
  EXPECT_EQ(owner_at("/system.slice/libvirtd.service/web.libvirt-qemu/vcpu0"),
            "cgroup=/system.slice/libvirtd.service/web.libvirt-qemu ");
}

TEST(OwnerOf, IsTheUnitOfAMachineOrContainerThatHasOneOfItsOwn) {
  const std::string id(64, 'a');
  EXPECT_EQ(owner_at("/system.slice/docker-" + id + ".scope/init"),
            "unit=docker-" + id + ".scope ");
  EXPECT_EQ(owner_at("/machine.slice/machine-qemu\\x2d3\\x2dweb.scope/libvirt/vcpu0"),
            "unit=machine-qemu\\x2d3\\x2dweb.scope ");
  EXPECT_EQ(owner_at("/user.slice/user-7.slice/user@7.service/user.slice/libpod-" + id + ".scope/x",
                     "eve"),
            "user=eve unit=libpod-" + id + ".scope ");
  EXPECT_EQ(owner_at("/kubepods.slice/kubepods-burstable.slice"), "unit=kubepods-burstable.slice ");
}

TEST(OwnerOf, IsTheServiceOfAProcessThatMadeItsOwnPidNamespace) {
  identity::Identity identity;
  identity.workload = identity::make_workload(identity::WorkloadKind::container,
                                              identity::Runtime::unknown, "pidns:4026532000");
  identity.workload.unit = "a.service";
  EXPECT_EQ(owner_of(identity, "/system.slice/a.service/worker"),
            (oom::Owner{.unit = "a.service"}));
}

}  // namespace
}  // namespace cgroup2::snapshot
