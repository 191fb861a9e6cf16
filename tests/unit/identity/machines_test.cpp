// SPDX-License-Identifier: Apache-2.0
#include "identity/machines.h"

#include <gtest/gtest.h>

#include <string>

#include "unit/identity/host_root.h"

namespace cgroup2::identity {
namespace {

using namespace test;

class MachinesTest : public testing::Test {
 protected:
  Root root;
  base::Rooted host = root.open();
  Machines machines{host};
  const std::string directory = "run/systemd/machines/";

  std::string find(const std::string& path, const Names& names = {}) {
    return find_names(
        IdentitySource::machined, path,
        [&](const NameQuery& query, Names& found) { return machines.look(query, found); }, names);
  }
};

TEST_F(MachinesTest, AreKnownByTheirUnits) {
  root.write(directory + "web", "NAME=web\n");
  root.link(directory + "unit:systemd-nspawn@web.service", "web");
  root.link(directory + "unit:machine-db\\x2d1.scope", "db-1");
  root.link(directory + "unit:machine-qemu\\x2d3\\x2ddebian.scope", "qemu-3-debian");
  root.link(directory + "unit:machine-lxc\\x2d7\\x2dold.scope", "lxc-7-old");
  const struct {
    const char *path, *expected;
  } rows[] = {
      {"/machine.slice/systemd-nspawn@web.service/payload", "found machine=web"},
      {"/machine.slice/machine-db\\x2d1.scope", "found machine=db-1"},
      {"/machine.slice/machine-qemu\\x2d3\\x2ddebian.scope/libvirt", "found machine=qemu-3-debian"},
      {"/machine.slice/machine-lxc\\x2d7\\x2dold.scope", "found machine=lxc-7-old"},
      {"/machine.slice/machine-gone.scope", "absent"},
      {"/lxc.payload.web", "-"},
      {"/machine/qemu-3-debian.libvirt-qemu", "-"},
      {"/system.slice/web.service", "-"},
      {"/", "-"},
  };
  for (const auto& row : rows) EXPECT_EQ(find(row.path), row.expected) << row.path;
}

TEST_F(MachinesTest, OwnEveryUnitThatIsRegistered) {
  root.write(directory + "web", "NAME=web\nCLASS=container\nSERVICE=systemd-nspawn\n");
  root.write(directory + "old", "CLASS=container\nSERVICE=libvirt-lxc\n");
  root.write(directory + "desk", "NAME=desk\nCLASS=vm\n");
  root.link(directory + "unit:container@web.service", "web");
  root.link(directory + "unit:old.service", "old");
  root.link(directory + "unit:desk.scope", "desk");
  root.link(directory + "unit:bare.service", "bare");
  root.link(directory + "unit:machine-qemu\\x2d1\\x2dbuild\\x2d1.scope", "qemu-1-build-1");
  EXPECT_TRUE(machines.refresh());
  const struct {
    const char *path, *unit, *expected;
  } rows[] = {
      {"/machine.slice/container@web.service", "container@web.service", "container nspawn web "},
      {"/machine.slice/container@web.service/payload/a", "container@web.service",
       "container nspawn web payload/a"},
      {"/a.slice/old.service", "old.service", "container lxc old "},
      {"/vms.slice/desk.scope", "desk.scope", "vm qemu desk "},
      {"/bare.service", "bare.service", "container nspawn bare "},
      {"/vms.slice/machine-qemu\\x2d1\\x2dbuild\\x2d1.scope/libvirt",
       "machine-qemu\\x2d1\\x2dbuild\\x2d1.scope", "vm qemu build-1 libvirt"},
      {"/system.slice/ssh.service", "ssh.service", "none"},
      {"/system.slice/ssh.service", "web", "none"},
  };
  for (const auto& row : rows) {
    const auto owner = machines.workload_of(row.path, row.unit);
    const std::string found =
        owner ? std::string(to_string(owner->kind)) + ' ' + std::string(to_string(owner->runtime)) +
                    ' ' + std::string(owner->container_id) + ' ' + std::string(owner->subpath)
              : "none";
    EXPECT_EQ(found, row.expected) << row.path;
  }
  EXPECT_FALSE(machines.refresh()) << "they are the same";
  root.remove(directory + "unit:bare.service");
  EXPECT_TRUE(machines.refresh());
  EXPECT_FALSE(machines.workload_of("/bare.service", "bare.service"));
}

TEST_F(MachinesTest, ComeAndGo) {
  const std::string path = "/machine.slice/machine-web.scope";
  EXPECT_EQ(find(path), "absent");
  root.write(directory, "");
  EXPECT_EQ(find(path), "absent");
  root.link(directory + "unit:machine-web.scope", "web");
  EXPECT_EQ(find(path), "found machine=web");
  EXPECT_EQ(find(path, {.machine = "known"}), "found machine=known");
  root.remove(directory + "unit:machine-web.scope");
  EXPECT_EQ(find(path), "absent");
  root.link(directory + "unit:machine-web.scope", "web");
  root.remove("run/systemd/machines");
  EXPECT_EQ(find(path), "absent");
}

TEST_F(MachinesTest, AreNothingButLinks) {
  root.write(directory + "unit:machine-file.scope", "x");
  root.write(directory + "unit:machine-dir.scope/", "");
  root.write(directory + "unit:", "");
  root.link(directory + "unit:machine-loop.scope", "unit:machine-loop.scope");
  root.link(directory + "machine-bare.scope", "x");
  for (const char* name : {"file", "dir", "bare"})
    EXPECT_EQ(find(std::string("/machine.slice/machine-") + name + ".scope"), "absent");
  EXPECT_EQ(find("/machine.slice/machine-loop.scope"), "found machine=unit:machine-loop.scope");
  root.remove("run/systemd/machines");
  root.link("run/systemd/machines", "machines");
  EXPECT_EQ(find("/machine.slice/machine-loop.scope"), "failed");
}

TEST_F(MachinesTest, AreReadAgainAfterAFailure) {
  root.link(directory + "unit:machine-web.scope", "web");
  root.age("run/systemd/machines");
  {
    const LastDescriptor last;
    EXPECT_EQ(find("/machine.slice/machine-web.scope"), "failed");
  }
  EXPECT_EQ(find("/machine.slice/machine-web.scope"), "found machine=web");
}

}  // namespace
}  // namespace cgroup2::identity
