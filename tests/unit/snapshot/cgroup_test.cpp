// SPDX-License-Identifier: Apache-2.0
#include "snapshot/cgroup.h"

#include <gtest/gtest.h>

namespace cgroup2::snapshot {
namespace {

TEST(Cgroup, HasItsPathAsALabelValueAndItsOwnerAsRawBytes) {
  const auto identity = std::make_shared<const identity::Identity>();
  const auto cgroup = make_cgroup("/a\"\xff", identity, 7);
  EXPECT_EQ(cgroup->id, 7U);
  EXPECT_EQ(cgroup->path, "/a\"%FF");
  EXPECT_EQ(cgroup->identity, identity);
  EXPECT_EQ(cgroup->owner, (oom::Owner{.cgroup = "/a\"%FF"}));
}

TEST(Cgroup, IsOwnedByItsUnit) {
  auto identity = std::make_shared<identity::Identity>();
  identity->workload.unit = "a.service";
  EXPECT_EQ(make_cgroup("/a.service", identity)->owner, (oom::Owner{.unit = "a.service"}));
}

}  // namespace
}  // namespace cgroup2::snapshot
