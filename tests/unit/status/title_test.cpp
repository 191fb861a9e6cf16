// SPDX-License-Identifier: Apache-2.0
#include "status/title.h"

#include <gtest/gtest.h>

#include "scene.h"

namespace cgroup2::status {
namespace {

struct TitleRow {
  std::string path;
  identity::Names names;
  Group group;
  std::string name, context, kind;
};

TEST(Title, SaysWhatACgroupIsCalled) {
  const std::string pod = "0b9f2f9e-6f6a-4c4e-8d7e-000000000001";
  const std::string slice = container_path('a').substr(0, container_path('a').rfind('/'));
  identity::Names machine;
  machine.container = "web";
  const std::vector<TitleRow> rows = {
      {"/", {}, Group::none, "/", "", "cgroup"},
      {container_path('a'), names_of("web-1", "app"), Group::container, "app", "shop/web-1",
       "container"},
      {container_path('a'), {}, Group::container, "aaaaaaaaaaaa", "cri-containerd", "container"},
      {container_path('a') + "/init", names_of("web-1", "app"), Group::none,
       container_path('a') + "/init", "in app", "container"},
      {slice, names_of("web-1", ""), Group::pod, "web-1", "shop", "pod"},
      {slice, {}, Group::pod, pod, "", "pod"},
      {"/system.slice", {}, Group::unit, "system.slice", "", "unit"},
      {"/system.slice/ssh.service", {}, Group::unit, "ssh.service", "", "unit"},
      {"/system.slice/ssh.service/x", {}, Group::none, "/system.slice/ssh.service/x", "", "cgroup"},
      {"/user.slice/user-1000.slice/user@1000.service/app.slice/a.service",
       {},
       Group::unit,
       "a.service",
       "user@1000.service",
       "unit"},
      {"/system.slice/docker-" + std::string(64, 'b') + ".scope", machine, Group::container, "web",
       "docker", "container"},
      {"/a b", {}, Group::none, "/a b", "", "cgroup"},
  };
  for (const auto& row : rows) {
    Scene scene;
    scene.add(row.path, row.names);
    const auto& cgroup = *scene.snapshot.cgroups.front();
    const auto title = title_of(cgroup);
    EXPECT_EQ(group_of(cgroup), row.group) << row.path;
    EXPECT_EQ(title.name, row.name) << row.path;
    EXPECT_EQ(title.context, row.context) << row.path;
    EXPECT_EQ(kind_word(cgroup), row.kind) << row.path;
  }
}

TEST(Title, KeepsTheContainersOfUsersApart) {
  const auto context_of = [](const std::string& path, identity::Names names, std::string user) {
    identity::Identity identity;
    identity.workload = identity::parse_path(path);
    identity.names = std::move(names);
    identity.user = std::move(user);
    Scene scene;
    scene.add(path, std::make_shared<const identity::Identity>(std::move(identity)));
    return title_of(*scene.snapshot.cgroups.front()).context;
  };
  const auto names = names_of("web-1", "db");
  EXPECT_EQ(context_of(container_path('a'), names, ""), "shop/web-1");
  EXPECT_EQ(context_of(container_path('a'), names, "eve"), "shop/web-1, user eve");
  EXPECT_EQ(context_of("/a", {}, "1000"), "user 1000");
}

TEST(Title, IsCleanWhateverTheNames) {
  Scene scene;
  scene.add(container_path('a'), names_of("p\n\xff", "c\x01"));
  const auto title = title_of(*scene.snapshot.cgroups.front());
  EXPECT_EQ(title.name, "c%01");
  EXPECT_EQ(title.context, "shop/p%0A%FF");
}

TEST(Title, HasTheLastComponentOfAPath) {
  EXPECT_EQ(leaf_of("/"), "/");
  EXPECT_EQ(leaf_of("/a"), "a");
  EXPECT_EQ(leaf_of("/a/b"), "b");
}

}  // namespace
}  // namespace cgroup2::status
