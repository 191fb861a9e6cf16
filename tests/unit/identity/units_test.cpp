// SPDX-License-Identifier: Apache-2.0
#include "identity/units.h"

#include <gtest/gtest.h>

#include <string>

namespace cgroup2::identity {
namespace {

const std::string user = "/user.slice/user-1000.slice/user@1000.service";

void expect_units(const std::string& path, const std::string& unit,
                  const std::string& user_unit = "") {
  const auto units = parse_units(path);
  EXPECT_EQ(units.unit, unit) << path;
  EXPECT_EQ(units.user_unit, user_unit) << path;
}

TEST(Units, AreWhatFollowsTheSlices) {
  expect_units("/init.scope", "init.scope");
  expect_units("/system.slice/nginx.service", "nginx.service");
  expect_units("/system.slice/system-getty.slice/getty@tty1.service", "getty@tty1.service");
  expect_units("/system.slice/dev-hugepages.mount", "dev-hugepages.mount");
  expect_units("/system.slice/dev-sda2.swap", "dev-sda2.swap");
  expect_units("/system.slice/docker.socket", "docker.socket");
  expect_units("/user.slice/user-1000.slice/session-3.scope", "session-3.scope");
  expect_units("/a.service", "a.service");
  expect_units("system.slice//a.service//", "a.service");
}

TEST(Units, AreTheLastSliceWhereNothingFollows) {
  expect_units("/system.slice", "system.slice");
  expect_units("/user.slice/user-1000.slice", "user-1000.slice");
  expect_units(user + "/app.slice", "user@1000.service", "app.slice");
}

TEST(Units, KeepTheirEscapesAndInstances) {
  expect_units("/system.slice/system-systemd\\x2dfsck.slice", "system-systemd\\x2dfsck.slice");
  expect_units("/machine.slice/machine-my\\x2dweb.scope", "machine-my\\x2dweb.scope");
  expect_units("/a.slice/foo@bar@baz.service", "foo@bar@baz.service");
}

TEST(Units, LoseTheUnderscoreThatProtectsThemFromTheKernelsNames) {
  expect_units("/system.slice/_cpu.foo.service", "cpu.foo.service");
  expect_units("/_cgroup.slice/__a.service", "_a.service");
  expect_units("/_cgroup.slice", "cgroup.slice");
  expect_units("/system.slice/_tasks", "");
  expect_units("/system.slice/_.service", "");
}

TEST(Units, StayTheOuterOnesBelowThem) {
  expect_units("/system.slice/a.service/b.service", "a.service");
  expect_units("/system.slice/docker-1.scope/system.slice/foo.service", "docker-1.scope");
  expect_units("/system.slice/docker-1.scope" + user + "/app.slice/a.service", "docker-1.scope");
  expect_units("/machine.slice/machine-web.scope/payload/init.scope", "machine-web.scope");
}

TEST(Units, OfAUserAreBelowTheUsersManager) {
  expect_units(user, "user@1000.service");
  expect_units(user + "/init.scope", "user@1000.service", "init.scope");
  expect_units(user + "/app.slice/app-foo-1.scope/x", "user@1000.service", "app-foo-1.scope");
  expect_units(user + "/app.slice/app-a.slice/a@1.service", "user@1000.service", "a@1.service");
  expect_units(user + "/k3s/a.service", "user@1000.service");
  expect_units("/user.slice/user-1000.slice/session-3.scope/a.service", "session-3.scope");
  expect_units("/system.slice/user@x.service/a.service", "user@x.service");
  expect_units("/system.slice/user@.service/a.service", "");
}

TEST(Units, AreNotInPathsOfOthers) {
  const std::string paths[] = {"",
                               "/",
                               "/docker/0123",
                               "/kubepods/burstable/pod1/a.service",
                               "/lxc.payload.web/system.slice/nginx.service",
                               "/system.slice/x/nginx.service",
                               "/system.slice/x",
                               "/system.slice/a@.service",
                               "/a@b.slice/c.service",
                               "/@a.service",
                               "/.service",
                               "/a.service ",
                               "/a b.service",
                               "/a\n.service",
                               "/\xff.service",
                               std::string("/\0.service", 10),
                               "/a.slice:docker:1",
                               "/a.Service",
                               "/a.service.d"};
  for (const auto& path : paths) expect_units(path, "");
}

TEST(Units, HaveNamesOf255BytesAtMost) {
  const std::string longest(247, 'a');
  expect_units("/" + longest + ".service", longest + ".service");
  expect_units("/" + longest + "a.service", "");
}

}  // namespace
}  // namespace cgroup2::identity
