// SPDX-License-Identifier: Apache-2.0
#include "snapshot/cgroup_kinds.h"

#include <gtest/gtest.h>

#include <string>

#include "identity/paths.h"

namespace cgroup2::snapshot {
namespace {

std::string kinds(const std::string& path, const std::string& machine = {}) {
  identity::Identity identity;
  identity.workload = identity::parse_path(path);
  identity.names.machine = machine;
  std::string words;
  const auto found = kinds_of(identity, path);
  for (const auto& row : catalog::cgroup_kinds) {
    if (found.test(index(row.kind))) words += (words.empty() ? "" : " ") + std::string(row.word);
  }
  return words;
}

TEST(CgroupKinds, AreThoseOfCgroupInfoAndMoreOfWhatItCallsOther) {
  const std::string id(64, 'a');
  const std::pair<std::string, std::string> rows[] = {
      {"/", "root"},
      {"/system.slice", "slice"},
      {"/system.slice/ssh.service", "service"},
      {"/system.slice/docker-" + id + ".scope", "container"},
      {"/system.slice/docker-" + id + ".scope/init.scope", "inside"},
      {"/system.slice/udev.service/udev", "inside"},
      {"/init.scope", "scope"},
      {"/user.slice/user-1000.slice/session-2.scope", "scope"},
      {"/user.slice/user-1000.slice/user@1000.service/app.slice/a.service", "service"},
      {"/user.slice/user-1000.slice/user@1000.service/app.slice/a.service/b", "inside"},
      {"/machine.slice/machine-qemu\\x2d1\\x2dweb.scope", "vm machine"},
      {"/machine.slice/machine-qemu\\x2d1\\x2dweb.scope/libvirt", "inside"},
      {"/machine.slice/systemd-nspawn@web.service", "container"},
      {"/system.slice/slurmstepd.scope/job_7", "job"},
      {"/kubepods.slice", "slice"},
      {"/kubepods.slice/kubepods-burstable.slice", "qos"},
      {"/hand-made", "other"},
  };
  for (const auto& [path, expected] : rows) EXPECT_EQ(kinds(path), expected) << path;
}

TEST(CgroupKinds, AreMachineToWhatMachinedHasRegistered) {
  EXPECT_EQ(kinds("/machine.slice/systemd-nspawn@web.service", "web"), "container machine");
  EXPECT_EQ(kinds("/machine.slice/systemd-nspawn@web.service/payload", "web"), "inside");
}

}  // namespace
}  // namespace cgroup2::snapshot
