// SPDX-License-Identifier: Apache-2.0
// What it does over time: back-off, stability, forgetting.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "identity/resolver.h"
#include "unit/identity/scene.h"

namespace cgroup2::identity {
namespace {

using namespace test;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Resolver, TakesAPrivateMountNamespaceAloneAtTheSecondProbe) {
  constexpr Triple of_runtime{of_host.pid, 777, of_host.cgroup};
  Scene scene;
  scene.set_process(100, of_runtime);
  const auto container = scene.add(path_a, "100\n");
  const auto service = scene.add("/system.slice/runtime.service", "100\n");
  EXPECT_EQ(scene.poll().text_of(service), "none ")
      << "the runtime's child may not be in its namespaces yet";
  scene.set_procs(container, "900\n");
  EXPECT_EQ(scene.poll().text_of(service), "none ") << "a process that vanished confirms nothing";
  scene.set_procs(container, "100\n");
  EXPECT_EQ(scene.poll(seconds(2)).text_of(service), "namespaces " + id_a);
}

TEST(Resolver, ProbesAllCgroupsThatAreDueInOneTask) {
  Scene scene;
  scene.set_process(100, of_a);
  scene.set_process(200, of_b);
  scene.add(path_a, "100\n");
  scene.add(path_b, "200\n");
  scene.poll();
  EXPECT_EQ(scene.tasks, 2U) << "one for the host's own namespaces";
  scene.poll(seconds(2));
  EXPECT_EQ(scene.tasks, 3U);
  scene.poll(seconds(0));
  EXPECT_EQ(scene.tasks, 3U) << "nothing is due";
}

TEST(Resolver, AsksForTheHostsNamespacesUntilItKnowsThem) {
  constexpr Triple of_node{3001, 3002, 3003};
  Scene scene(false);
  scene.set_process(100, of_node);
  const auto service = scene.add("/system.slice/a.service", "100\n");
  EXPECT_EQ(scene.poll().text_of(service), "namespaces pidns:3001");
  scene.set_process(1, of_node);
  EXPECT_EQ(scene.poll().text_of(service), "none ");
  scene.set_process(1, of_host);
  EXPECT_EQ(scene.poll(seconds(1000)).text_of(service), "none ") << "known once, never asked again";
}

TEST(Resolver, ForgetsTheNamespacesThatItMayNotReadAnyMore) {
  Scene scene;
  scene.set_process(100, of_a);
  const auto a = scene.add(path_a, "100\n");
  EXPECT_TRUE(scene.poll()[a]->namespaces.has_value());
  scene.deny_process(100);
  EXPECT_FALSE(scene.poll()[a]->namespaces.has_value());
}

TEST(Resolver, KeepsTheLastAnswerWhileProcessesVanish) {
  Scene scene;
  scene.set_process(100, of_a);
  const auto nameless = scene.add("/build/17", "100\n");
  EXPECT_EQ(scene.poll().text_of(nameless), "namespaces pidns:1001");
  scene.set_procs(nameless, "500\n501\n502\n503\n");
  EXPECT_EQ(scene.poll().text_of(nameless), "namespaces pidns:1001");
  scene.set_procs(nameless, "");
  EXPECT_EQ(scene.poll(seconds(2)).text_of(nameless), "none ");
}

TEST(Resolver, DoesNotLetAnEarlyAnswerStick) {
  Scene scene;
  scene.set_process(100, of_host);
  const auto nameless = scene.add("/build/17", "100\n");
  EXPECT_EQ(scene.poll().text_of(nameless), "none ");
  scene.set_process(100, of_a);
  EXPECT_EQ(scene.poll(milliseconds(999)).text_of(nameless), "none ") << "not due yet";
  EXPECT_EQ(scene.poll(milliseconds(1)).text_of(nameless), "namespaces pidns:1001");
}

TEST(Resolver, LooksLessOftenWhileNothingChanges) {
  Scene scene;
  scene.set_process(100, of_a);
  const auto nameless = scene.add("/build/17", "100\n");
  scene.poll();
  scene.poll(seconds(1));
  scene.poll(seconds(2));
  scene.set_process(100, of_b);
  EXPECT_EQ(scene.poll(milliseconds(3999)).text_of(nameless), "namespaces pidns:1001");
  EXPECT_EQ(scene.poll(milliseconds(1)).text_of(nameless), "namespaces pidns:2001");
  scene.set_process(100, of_a);
  EXPECT_EQ(scene.poll(seconds(1)).text_of(nameless), "namespaces pidns:1001")
      << "a change starts over";
}

TEST(Resolver, LooksAtEmptyCgroupsLessOftenToo) {
  Scene scene;
  const auto cgroup = scene.add("/build/17", "");
  scene.poll();
  scene.poll(seconds(1));
  scene.set_process(100, of_a);
  scene.set_procs(cgroup, "100\n");
  EXPECT_EQ(scene.poll(milliseconds(1999)).text_of(cgroup), "none ");
  EXPECT_EQ(scene.poll(milliseconds(1)).text_of(cgroup), "namespaces pidns:1001");
}

TEST(Resolver, TellsWhenItHasSomethingToAskAgain) {
  Scene scene;
  scene.set_process(100, of_a);
  scene.add("/build/17", "100\n");
  EXPECT_EQ(scene.poll().until_next_look(), seconds(1));
  EXPECT_EQ(scene.poll(seconds(1)).until_next_look(), seconds(2));
  scene.add("/build/18", "");
  EXPECT_EQ(scene.poll(seconds(2)).until_next_look(), seconds(1)) << "the new one";
  EXPECT_EQ(scene.poll(seconds(1)).until_next_look(), seconds(2));
  EXPECT_EQ(scene.poll(seconds(2)).until_next_look(), seconds(1)) << "the first, due in 3 seconds";
}

TEST(Resolver, GivesTheSamePointerWhileNothingChanges) {
  Scene scene;
  scene.set_process(100, of_a);
  const auto a = scene.add(path_a, "100\n");
  const auto moved = scene.add("/build/17", "100\n");
  const auto child = scene.add("/build/17/x", "", moved);
  scene.poll();
  const auto first_a = scene[a];
  const auto first_moved = scene[moved];
  const auto first_child = scene[child];
  for (int i = 0; i < 5; ++i) scene.poll();
  scene.set_process(200, of_b);
  scene.add("/another", "200\n");
  scene.poll();
  EXPECT_EQ(scene[a], first_a);
  EXPECT_EQ(scene[moved], first_moved);
  EXPECT_EQ(scene[child], first_child);
}

TEST(Resolver, LeavesWhatItHandedOutAsItWas) {
  Scene scene;
  scene.set_process(100, of_a);
  const auto a = scene.add(path_a, "100\n");
  const auto before = scene.poll()[a];
  scene.set_process(100, of_b);
  EXPECT_NE(scene.poll()[a], before);
  EXPECT_EQ((*before->namespaces)[Namespace::pid], of_a.pid);
  EXPECT_EQ((*scene[a]->namespaces)[Namespace::pid], of_b.pid);
}

TEST(Resolver, ForgetsTheNamespacesOfACgroupThatIsGone) {
  Scene scene;
  scene.set_process(100, of_a);
  const auto moved = scene.add("/build/17", "100\n");
  scene.add(path_a, "100\n");
  EXPECT_EQ(scene.poll().text_of(moved), "namespaces " + id_a);
  scene.drop_last();
  EXPECT_EQ(scene.poll(milliseconds(1)).text_of(moved), "namespaces pidns:1001");
}

TEST(Resolver, TakesARecreatedCgroupForAnotherOne) {
  Scene scene;
  scene.set_process(100, of_a);
  scene.set_process(200, of_b);
  const auto cgroup = scene.add("/build/17", "100\n");
  EXPECT_EQ(scene.poll().text_of(cgroup), "namespaces pidns:1001");
  scene.recreate(cgroup, "200\n");
  EXPECT_EQ(scene.poll(milliseconds(1)).text_of(cgroup), "namespaces pidns:2001")
      << "looked at without waiting";
}

}  // namespace
}  // namespace cgroup2::identity
