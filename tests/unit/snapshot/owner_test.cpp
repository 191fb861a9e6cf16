// SPDX-License-Identifier: Apache-2.0
#include "snapshot/owner.h"

#include <gtest/gtest.h>

namespace cgroup2::snapshot {
namespace {

TEST(OwnerOf, IsThePodsContainerElseTheContainerElseTheUnitElseThePath) {
  identity::Identity identity;
  EXPECT_EQ(owner_of(identity, "/p").cgroup, "/p");
  identity.owner.unit = "a.service";
  EXPECT_EQ(owner_of(identity, "/p"), (oom::Owner{.unit = "a.service"}));
  identity.names.container = "web";
  EXPECT_EQ(owner_of(identity, "/p"), (oom::Owner{.container = "web"}));
  identity.names.pod = "shop-0";
  identity.names.namespace_name = "shop";
  EXPECT_EQ(owner_of(identity, "/p"), (oom::Owner{"shop", "shop-0", "web"}));
}

TEST(OwnerOf, IsAnotherOneForAUserWhoChoseTheSameName) {
  identity::Identity identity;
  identity.names.container = "db";
  identity.user = "eve";
  EXPECT_EQ(owner_of(identity, "/p"), (oom::Owner{.container = "db", .user = "eve"}));
  identity.names.container.clear();
  EXPECT_EQ(owner_of(identity, "/p"), (oom::Owner{.user = "eve", .cgroup = "/p"}));
}

}  // namespace
}  // namespace cgroup2::snapshot
