// SPDX-License-Identifier: Apache-2.0
#include "identity/host_namespaces.h"

#include <gtest/gtest.h>

#include <string>

#include "support/tree.h"

namespace cgroup2::identity {
namespace {

using test::Tree;

base::Dir open(const Tree& tree) { return std::move(*base::Dir::open(tree.path())); }

Namespaces make(std::uint64_t pid, std::uint64_t mnt) {
  Namespaces namespaces;
  namespaces[Namespace::pid] = pid;
  namespaces[Namespace::mnt] = mnt;
  return namespaces;
}

void add_process(const Tree& tree, const std::string& process, std::uint64_t pid,
                 std::uint64_t mnt) {
  tree.link(process + "/ns/pid", "pid:[" + std::to_string(pid) + "]");
  tree.link(process + "/ns/mnt", "mnt:[" + std::to_string(mnt) + "]");
}

TEST(HostNamespaces, FallsBackToTheNumbersThatTheKernelFixes) {
  const Tree tree;
  HostNamespaces host;
  EXPECT_FALSE(host.read(open(tree)));
  EXPECT_FALSE(host.is_read());
  EXPECT_FALSE(host.differs(make(4026531836, 7), Namespace::pid));
  EXPECT_TRUE(host.differs(make(4026531999, 7), Namespace::pid));
  EXPECT_FALSE(host.differs(make(4026531836, 7), Namespace::mnt)) << "unknown differs from nothing";
}

TEST(HostNamespaces, AsksKthreaddWhereInitMayNotBeRead) {
  const Tree tree;
  tree.link("1/ns/pid", "denied");
  add_process(tree, "2", 4026531836, 7);
  HostNamespaces host;
  EXPECT_TRUE(host.read(open(tree)));
  EXPECT_TRUE(host.differs(make(4026531836, 8), Namespace::mnt));
}

TEST(HostNamespaces, DoesNotTrustPidTwoOutsideOfTheInitialNamespace) {
  const Tree tree;
  add_process(tree, "2", 4026531999, 7);
  HostNamespaces host;
  EXPECT_FALSE(host.read(open(tree)));
  EXPECT_TRUE(host.differs(make(4026531999, 7), Namespace::pid));
}

TEST(HostNamespaces, TakesInitOfANestedHost) {
  const Tree tree;
  add_process(tree, "1", 4026531999, 7);
  HostNamespaces host;
  EXPECT_TRUE(host.read(open(tree)));
  EXPECT_TRUE(host.is_read());
  EXPECT_FALSE(host.differs(make(4026531999, 7), Namespace::pid));
  EXPECT_TRUE(host.differs(make(4026531836, 7), Namespace::pid));
  EXPECT_FALSE(host.differs(make(0, 7), Namespace::pid)) << "a kernel without pid namespaces";
}

}  // namespace
}  // namespace cgroup2::identity
