// SPDX-License-Identifier: Apache-2.0
#include "cgroup/interface.h"

#include <gtest/gtest.h>

namespace cgroup2::cgroup {
namespace {

TEST(Interface, KnowsNoOtherFiles) {
  Interface interface;
  for (const char* name :
       {"", "cgroup.procs", "memory.maximum", "memory.max.", "hugetlb..max", "*"})
    EXPECT_EQ(interface.find(name), std::nullopt) << name;
  EXPECT_EQ(interface.size(), 0U);
}

TEST(Interface, GivesEachNameANumberOfItsOwn) {
  Interface interface;
  const auto huge = interface.find("hugetlb.1GB.rsvd.max");
  const auto other = interface.find("hugetlb.2MB.rsvd.max");
  ASSERT_TRUE(huge && other);
  EXPECT_NE(*huge, *other);
  EXPECT_EQ(interface.find("hugetlb.1GB.rsvd.max"), huge);
  EXPECT_EQ(interface[*huge].star, "1GB");
  EXPECT_EQ(interface[*huge].in_catalog().name, "hugetlb.*.rsvd.max");
  EXPECT_EQ(interface[*interface.find("memory.max")].star, "");
  EXPECT_EQ(interface.size(), 3U);
}

TEST(Interface, IsBounded) {
  Interface interface;
  for (int i = 0; i < 2000; ++i)
    static_cast<void>(interface.find("hugetlb." + std::to_string(i) + ".max"));
  EXPECT_EQ(interface.size(), 1024U);
}

}  // namespace
}  // namespace cgroup2::cgroup
