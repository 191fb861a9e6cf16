// SPDX-License-Identifier: Apache-2.0
// What it decides.
#include "identity/resolver.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "identity/paths.h"
#include "unit/identity/scene.h"

namespace cgroup2::identity {
namespace {

using namespace test;

TEST(Resolver, TakesNoCgroups) {
  Scene scene;
  EXPECT_EQ(scene.poll().size(), 0u);
}

TEST(Resolver, LetsThePathDecideWithoutProcesses) {
  Scene scene;
  const auto a = scene.add(path_a, "");
  scene.poll();
  EXPECT_EQ(scene.text_of(a), "path " + id_a);
  EXPECT_EQ(scene[a]->workload, parse_path(path_a));
  EXPECT_FALSE(scene[a]->namespaces.has_value());
}

TEST(Resolver, LetsThePathDecideAndRecordsTheNamespaces) {
  Scene scene;
  scene.set_process(100, of_a);
  const auto a = scene.add(path_a, "100\n");
  const auto b = scene.add(path_b, "100\n");
  scene.poll();
  EXPECT_EQ(scene.text_of(a), "path " + id_a);
  EXPECT_EQ(scene.text_of(b), "path " + id_b);
  ASSERT_TRUE(scene[a]->namespaces.has_value());
  EXPECT_EQ((*scene[a]->namespaces)[Namespace::mnt], of_a.mnt);
}

TEST(Resolver, SaysNothingOfOrdinaryProcesses) {
  Scene scene;
  scene.set_process(100, of_host);
  scene.set_process(101, {of_host.pid, 777, of_host.cgroup});
  const auto service = scene.add("/system.slice/a.service", "100\n");
  const auto sandboxed = scene.add("/system.slice/b.service", "101\n");
  const auto gone = scene.add("/system.slice/c.service", "102\n");
  scene.poll();
  EXPECT_EQ(scene.text_of(service), "none ");
  EXPECT_TRUE(scene[service]->namespaces.has_value());
  EXPECT_EQ(scene.text_of(sandboxed), "none ") << "a private mount namespace is no container";
  EXPECT_EQ(scene.text_of(gone), "none ");
  EXPECT_FALSE(scene[gone]->namespaces.has_value());
  EXPECT_TRUE(scene.log.lines().empty());
}

TEST(Resolver, FindsAContainerUnderAnotherName) {
  Scene scene;
  scene.set_process(100, of_a);
  scene.set_process(101, of_a);
  const auto moved = scene.add("/build/17", "101\n");
  scene.add(path_a + "/sub", "100\n");
  scene.poll();
  EXPECT_EQ(scene[moved]->source, IdentitySource::namespaces);
  EXPECT_EQ(scene[moved]->workload,
            (Workload{WorkloadKind::container, "", "", Runtime::unknown, id_a, ""}));
  EXPECT_EQ((*scene[moved]->namespaces)[Namespace::pid], of_a.pid);
}

TEST(Resolver, FindsServicesOfASystemdInAContainer) {
  Scene scene;
  scene.set_process(100, of_a);
  scene.set_process(101, {of_a.pid, 555, of_a.cgroup});
  scene.add(path_a, "100\n");
  const auto service = scene.add("/stray/nginx.service", "101\n");
  scene.poll();
  EXPECT_EQ(scene.text_of(service), "namespaces " + id_a);
}

TEST(Resolver, NumbersAContainerThatNoPathNames) {
  Scene scene;
  scene.set_process(100, of_b);
  const auto nameless = scene.add("/build/17", "100\n");
  scene.poll();
  EXPECT_EQ(scene[nameless]->workload,
            (Workload{WorkloadKind::container, "", "", Runtime::unknown, "pidns:2001", ""}));
  EXPECT_EQ(scene[nameless]->source, IdentitySource::namespaces);
}

TEST(Resolver, FindsNoOwnerWhereTwoContainersShareAllThree) {
  Scene scene;
  scene.set_process(100, of_a);
  scene.add(path_a, "100\n");
  scene.add(path_b, "100\n");
  const auto other = scene.add("/build/17", "100\n");
  scene.poll();
  EXPECT_EQ(scene.text_of(other), "none ");
  EXPECT_TRUE(scene[other]->namespaces.has_value());
}

TEST(Resolver, TakesNamespacesOfContainersOnly) {
  Scene scene;
  scene.set_process(100, of_a);
  scene.add("/machine.slice/libpod-conmon-" + id_a + ".scope", "100\n");
  scene.add("/qemu.slice/100.scope", "100\n");
  const auto other = scene.add("/build/17", "100\n");
  scene.poll();
  EXPECT_EQ(scene.text_of(other), "namespaces pidns:1001");
}

TEST(Resolver, TakesNoNamespacesOfARuntimeThatIsStillInTheHosts) {
  Scene scene;
  scene.set_process(100, of_host);
  scene.add(path_a, "100\n");
  const auto service = scene.add("/system.slice/a.service", "100\n");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(scene.poll().text_of(service), "none ");
}

TEST(Resolver, NeedsPidOrCgroupNamespaceWhereTheHostsMountNamespaceIsUnknown) {
  Scene scene(false);
  scene.set_process(100, {of_host.pid, 777, of_host.cgroup});
  scene.set_process(101, {of_host.pid, 888, 999});
  scene.add(path_a, "100\n");
  scene.add(path_b, "101\n");
  const auto like_a = scene.add("/system.slice/a.service", "100\n");
  const auto like_b = scene.add("/system.slice/b.service", "101\n");
  scene.poll();
  scene.poll();
  EXPECT_EQ(scene.text_of(like_a), "none ");
  EXPECT_EQ(scene.text_of(like_b), "namespaces " + id_b);
}

TEST(Resolver, LetsEmptyCgroupsInheritFromTheirParent) {
  Scene scene;
  scene.set_process(100, of_a);
  scene.set_process(101, of_host);
  scene.deny_process(102);
  scene.add(path_a, "100\n");
  const auto parent = scene.add("/build/17", "100\n");
  const auto child = scene.add("/build/17/x", "", parent);
  const auto grandchild = scene.add("/build/17/x/y", "", child);
  const auto busy = scene.add("/build/17/z", "101\n", parent);
  const auto below_busy = scene.add("/build/17/z/y", "", busy);
  const auto unreadable = scene.add("/build/17/u", "102\n", parent);
  scene.poll();
  EXPECT_EQ(scene.text_of(child), "parent " + id_a);
  EXPECT_EQ(scene[child]->workload, scene[parent]->workload);
  EXPECT_FALSE(scene[child]->namespaces.has_value());
  EXPECT_EQ(scene.text_of(grandchild), "parent " + id_a);
  EXPECT_EQ(scene.text_of(busy), "none ");
  EXPECT_EQ(scene.text_of(below_busy), "none ");
  EXPECT_EQ(scene.text_of(unreadable), "none ");
}

TEST(Resolver, DoesNotLetOthersInheritFromAPath) {
  Scene scene;
  const auto node = scene.add(path_a, "");
  const auto kubepods = scene.add(path_a + "/kubepods", "", node);
  EXPECT_EQ(scene.poll().text_of(kubepods), "none ");
}

TEST(Resolver, CountsADeniedLookOnceAndKeepsThePath) {
  Scene scene;
  scene.deny_process(100);
  const auto a = scene.add(path_a, "100\n");
  const auto other = scene.add("/build/17", "100\n200\n");
  scene.set_process(200, of_a);
  scene.poll();
  EXPECT_EQ(scene.text_of(a), "path " + id_a);
  EXPECT_EQ(scene.text_of(other), "none ");
  EXPECT_EQ(scene.denied(), 2u);
  ASSERT_EQ(scene.log.lines().size(), 1u);
  EXPECT_NE(scene.log.lines()[0].text.find("CAP_SYS_PTRACE"), std::string::npos);
  EXPECT_NE(scene.log.lines()[0].text.find(path_a), std::string::npos);
}

TEST(Resolver, InheritsFromAParentBeforeTheChildOnly) {
  Scene scene;
  scene.set_process(100, of_a);
  const auto self = scene.add("/a", "", 0);
  const auto forward = scene.add("/b", "", 2);
  scene.add("/c", "100\n");
  const auto beyond = scene.add("/d", "", 1'000'000);
  scene.poll();
  scene.add("/something/new", "");
  scene.poll();
  for (const auto place : {self, forward, beyond}) EXPECT_EQ(scene.text_of(place), "none ");
}

TEST(Resolver, ProbesNothingThroughTheProcfsOfAnotherPidNamespace) {
  Scene scene;
  scene.tree.write("proc/self/status", "NSpid:\t4711\t1\n");
  const auto own = scene.add("/build/17", "1\n");
  const auto a = scene.add(path_a, "0\n");
  scene.poll();
  EXPECT_EQ(scene.text_of(own), "none ");
  EXPECT_FALSE(scene[own]->namespaces.has_value()) << "our pid 1 is not the host's";
  EXPECT_EQ(scene.text_of(a), "path " + id_a);
  ASSERT_EQ(scene.log.lines().size(), 1u);
  EXPECT_NE(scene.log.lines()[0].text.find("hostPID"), std::string::npos);
}

TEST(IdentitySource, HasAWordForEach) {
  EXPECT_EQ(to_string(IdentitySource::none), "none");
  EXPECT_EQ(to_string(IdentitySource::path), "path");
  EXPECT_EQ(to_string(IdentitySource::namespaces), "namespaces");
  EXPECT_EQ(to_string(IdentitySource::parent), "parent");
}

}  // namespace
}  // namespace cgroup2::identity
