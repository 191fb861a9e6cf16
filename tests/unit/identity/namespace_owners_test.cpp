// SPDX-License-Identifier: Apache-2.0
#include "identity/namespace_owners.h"

#include <gtest/gtest.h>

#include <string>

namespace cgroup2::identity {
namespace {

constexpr std::uint64_t host_pid = 4026531836;
constexpr std::uint64_t host_cgroup = 4026531835;

Namespaces make(std::uint64_t pid, std::uint64_t mnt, std::uint64_t cgroup) {
  Namespaces namespaces;
  namespaces[Namespace::pid] = pid;
  namespaces[Namespace::mnt] = mnt;
  namespaces[Namespace::cgroup] = cgroup;
  return namespaces;
}

Workload make_owner(const std::string& id, const std::string& subpath = "") {
  return {WorkloadKind::container, "burstable", "uid", Runtime::crio, id, subpath};
}

// A host of which only the fixed numbers are known.
const HostNamespaces host;

std::string id_of(const NamespaceOwners& owners, const Namespaces& namespaces) {
  const auto owner = owners.workload_of(namespaces);
  return owner ? std::string(owner->container_id) : "nobody";
}

TEST(NamespaceOwners, HasNoOwnerInTheHostsPidNamespace) {
  const NamespaceOwners owners(host);
  EXPECT_EQ(id_of(owners, make(host_pid, 7, 8)), "nobody");
  EXPECT_EQ(id_of(owners, make(0, 7, 8)), "nobody") << "a kernel without pid namespaces";
}

TEST(NamespaceOwners, NumbersAPidNamespaceThatWasNotAdded) {
  const NamespaceOwners owners(host);
  EXPECT_EQ(owners.workload_of(make(100, 7, 8)),
            (Workload{WorkloadKind::container, "", "", Runtime::unknown, "pidns:100", ""}));
}

TEST(NamespaceOwners, GivesTheWholeOwnerWithoutItsSubpath) {
  const auto owner = make_owner("a", "sub/path");
  NamespaceOwners owners(host);
  owners.add(make(100, 200, 300), owner);
  EXPECT_EQ(owners.workload_of(make(100, 200, 300)), make_owner("a"));
}

TEST(NamespaceOwners, FindsAPrivateMountNamespaceByThePidNamespace) {
  const auto owner = make_owner("a");
  NamespaceOwners owners(host);
  owners.add(make(100, 200, 300), owner);
  EXPECT_EQ(id_of(owners, make(100, 201, 300)), "a");
  EXPECT_EQ(id_of(owners, make(101, 200, 300)), "pidns:101");
}

TEST(NamespaceOwners, TellsContainersThatShareAPidNamespaceByTheirTriples) {
  const auto a = make_owner("a");
  const auto b = make_owner("b");
  NamespaceOwners owners(host);
  owners.add(make(100, 200, 300), a);
  owners.add(make(100, 201, 301), b);
  EXPECT_EQ(id_of(owners, make(100, 200, 300)), "a");
  EXPECT_EQ(id_of(owners, make(100, 201, 301)), "b");
  EXPECT_EQ(id_of(owners, make(100, 202, 302)), "nobody");
}

TEST(NamespaceOwners, HasNoOwnerWhereTwoContainersHaveTheSame) {
  const auto a = make_owner("a");
  const auto b = make_owner("b");
  NamespaceOwners owners(host);
  for (const auto* owner : {&a, &b, &a}) owners.add(make(100, 200, 300), *owner);
  EXPECT_EQ(id_of(owners, make(100, 200, 300)), "nobody");
}

TEST(NamespaceOwners, IsNotConfusedByCgroupsOfOneContainer) {
  const auto scope = make_owner("a");
  const auto below = make_owner("a", "container");
  NamespaceOwners owners(host);
  owners.add(make(100, 200, 300), scope);
  owners.add(make(100, 200, 300), below);
  owners.add(make(100, 201, 300), below);
  EXPECT_EQ(id_of(owners, make(100, 200, 300)), "a");
  EXPECT_EQ(id_of(owners, make(100, 202, 300)), "a");
}

TEST(NamespaceOwners, IgnoresTheHostsNamespaces) {
  const auto owner = make_owner("a");
  NamespaceOwners owners(host);
  owners.add(make(host_pid, 200, host_cgroup), owner);
  EXPECT_EQ(id_of(owners, make(host_pid, 200, host_cgroup)), "nobody")
      << "the host's mnt is unknown";
}

TEST(NamespaceOwners, TakesAContainerInTheHostsPidNamespace) {
  const auto owner = make_owner("a");
  NamespaceOwners owners(host);
  owners.add(make(host_pid, 200, 300), owner);
  EXPECT_EQ(id_of(owners, make(host_pid, 200, 300)), "a");
  EXPECT_EQ(id_of(owners, make(host_pid, 201, 300)), "nobody");
}

}  // namespace
}  // namespace cgroup2::identity
