// SPDX-License-Identifier: Apache-2.0
#include "identity/claims.h"

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

PathIdentity make_owner(const std::string& id, const std::string& subpath = "") {
  return {Kind::container, "burstable", "uid", "crio", id, subpath};
}

// A host of which only the fixed numbers are known.
const Host host;

std::string id_of(const Claims& claims, const Namespaces& namespaces) {
  const auto owner = claims.owner_of(namespaces);
  return owner ? owner->container_id : "nobody";
}

TEST(Claims, NamesNobodyInTheHostsPidNamespace) {
  const Claims claims(host);
  EXPECT_EQ(id_of(claims, make(host_pid, 7, 8)), "nobody");
  EXPECT_EQ(id_of(claims, make(0, 7, 8)), "nobody") << "a kernel without pid namespaces";
}

TEST(Claims, NumbersAPidNamespaceThatNobodyClaims) {
  const Claims claims(host);
  EXPECT_EQ(claims.owner_of(make(100, 7, 8)),
            (PathIdentity{Kind::container, "", "", "unknown", "pidns:100", ""}));
}

TEST(Claims, GivesTheWholeOwnerWithoutItsSubpath) {
  const auto owner = make_owner("a", "sub/path");
  Claims claims(host);
  claims.add(make(100, 200, 300), owner);
  EXPECT_EQ(claims.owner_of(make(100, 200, 300)), make_owner("a"));
}

TEST(Claims, FindsAPrivateMountNamespaceByThePidNamespace) {
  const auto owner = make_owner("a");
  Claims claims(host);
  claims.add(make(100, 200, 300), owner);
  EXPECT_EQ(id_of(claims, make(100, 201, 300)), "a");
  EXPECT_EQ(id_of(claims, make(101, 200, 300)), "pidns:101");
}

TEST(Claims, TellsContainersThatShareAPidNamespaceByTheirTriples) {
  const auto a = make_owner("a");
  const auto b = make_owner("b");
  Claims claims(host);
  claims.add(make(100, 200, 300), a);
  claims.add(make(100, 201, 301), b);
  EXPECT_EQ(id_of(claims, make(100, 200, 300)), "a");
  EXPECT_EQ(id_of(claims, make(100, 201, 301)), "b");
  EXPECT_EQ(id_of(claims, make(100, 202, 302)), "nobody");
}

TEST(Claims, NamesNobodyWhereTwoClaimTheSame) {
  const auto a = make_owner("a");
  const auto b = make_owner("b");
  Claims claims(host);
  for (const auto* owner : {&a, &b, &a}) claims.add(make(100, 200, 300), *owner);
  EXPECT_EQ(id_of(claims, make(100, 200, 300)), "nobody");
}

TEST(Claims, IsNotConfusedByCgroupsOfOneContainer) {
  const auto scope = make_owner("a");
  const auto below = make_owner("a", "container");
  Claims claims(host);
  claims.add(make(100, 200, 300), scope);
  claims.add(make(100, 200, 300), below);
  claims.add(make(100, 201, 300), below);
  EXPECT_EQ(id_of(claims, make(100, 200, 300)), "a");
  EXPECT_EQ(id_of(claims, make(100, 202, 300)), "a");
}

TEST(Claims, LearnsNothingFromTheHostsNamespaces) {
  const auto owner = make_owner("a");
  Claims claims(host);
  claims.add(make(host_pid, 200, host_cgroup), owner);
  EXPECT_EQ(id_of(claims, make(host_pid, 200, host_cgroup)), "nobody")
      << "the host's mnt is unknown";
}

TEST(Claims, LearnsAContainerInTheHostsPidNamespace) {
  const auto owner = make_owner("a");
  Claims claims(host);
  claims.add(make(host_pid, 200, 300), owner);
  EXPECT_EQ(id_of(claims, make(host_pid, 200, 300)), "a");
  EXPECT_EQ(id_of(claims, make(host_pid, 201, 300)), "nobody");
}

}  // namespace
}  // namespace cgroup2::identity
