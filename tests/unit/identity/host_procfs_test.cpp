// SPDX-License-Identifier: Apache-2.0
#include "identity/host_procfs.h"

#include <gtest/gtest.h>

#include <string>

#include "support/tree.h"

namespace cgroup2::identity {
namespace {

using test::Tree;

bool has_hosts_init(const Tree& tree) {
  return identity::has_hosts_init(*base::Dir::open(tree.path()));
}

TEST(HostProcfs, HasTheHostsInitInTheFirstPidNamespace) {
  const Tree tree{{"self/status", "NSpid:\t12\n"}};
  tree.link("self/ns/pid", "pid:[4026531836]");
  EXPECT_TRUE(has_hosts_init(tree));
}

TEST(HostProcfs, HasItIfItShowsMoreThanOurPidNamespace) {
  const Tree tree{{"self/status", "NSpid:\t4711\t1\n"}};
  tree.link("self/ns/pid", "pid:[4026532001]");
  EXPECT_TRUE(has_hosts_init(tree));
}

TEST(HostProcfs, LacksItInAContainer) {
  const Tree tree{{"self/status", "NSpid:\t1\n"}, {"1/cgroup", "0::/\n"}};
  tree.link("self/ns/pid", "pid:[4026532001]");
  EXPECT_FALSE(has_hosts_init(tree));
}

TEST(HostProcfs, HasThatOfAMachineInsideOfAnother) {
  const Tree tree{{"self/status", "NSpid:\t90\n"}, {"1/cgroup", "0::/../../init.scope\n"}};
  tree.link("self/ns/pid", "pid:[4026532001]");
  EXPECT_TRUE(has_hosts_init(tree));
}

TEST(HostProcfs, IsTakenForTheHostsIfItDoesNotSay) { EXPECT_TRUE(has_hosts_init(Tree())); }

}  // namespace
}  // namespace cgroup2::identity
