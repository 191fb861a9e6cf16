// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "identity/resolver.h"
#include "unit/identity/scene.h"

namespace cgroup2::identity {
namespace {

using namespace test;
using std::chrono::seconds;

void set_started(const Scene& scene, int pid, std::uint64_t start) {
  scene.set_process(pid, of_a);
  scene.tree.write("proc/" + std::to_string(pid) + "/stat",
                   std::to_string(pid) + " (a) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 " +
                       std::to_string(start) + " 0\n");
}

TEST(ResolverStarts, KeepsTheStartThatItFoundFirst) {
  Scene scene;
  set_started(scene, 100, 500);
  set_started(scene, 50, 300);
  const auto service = scene.add("/system.slice/a.service", "100\n");
  EXPECT_EQ(scene.poll()[service]->first_start, 500U);
  scene.set_procs(service, "50\n");
  EXPECT_EQ(scene.poll(seconds(1000))[service]->first_start, 500U) << "the first process is gone";
  scene.set_procs(service, "");
  EXPECT_EQ(scene.poll(seconds(1000))[service]->first_start, 500U) << "all are";
}

TEST(ResolverStarts, LooksAgainWhileThereWasNoProcess) {
  Scene scene;
  set_started(scene, 100, 500);
  const auto service = scene.add("/system.slice/a.service", "");
  EXPECT_EQ(scene.poll()[service]->first_start, std::nullopt);
  scene.set_procs(service, "100\n");
  EXPECT_EQ(scene.poll()[service]->first_start, 500U);
}

TEST(ResolverStarts, AreOfTheCgroupAndNotOfItsPath) {
  Scene scene;
  set_started(scene, 100, 500);
  set_started(scene, 200, 900);
  const auto service = scene.add("/system.slice/a.service", "100\n");
  EXPECT_EQ(scene.poll()[service]->first_start, 500U);
  scene.recreate(service, "200\n");
  EXPECT_EQ(scene.poll()[service]->first_start, 900U);
}

TEST(ResolverStarts, NeedNoRightToReadNamespaces) {
  Scene scene;
  set_started(scene, 100, 500);
  scene.tree.remove("proc/100/ns");
  scene.tree.link("proc/100/ns/pid", "denied");
  const auto service = scene.add("/system.slice/a.service", "100\n");
  EXPECT_EQ(scene.poll()[service]->first_start, 500U);
}

TEST(ResolverStarts, AreNotOfProcessesOfAnotherPidNamespace) {
  Scene scene;
  scene.tree.write("proc/self/status", "NSpid:\t4711\t1\n");
  set_started(scene, 100, 500);
  const auto service = scene.add("/system.slice/a.service", "100\n");
  EXPECT_EQ(scene.poll()[service]->first_start, std::nullopt);
}

TEST(ResolverStarts, OfAContainerAreThoseOfTheOldestProcessBelowIt) {
  Scene scene;
  set_started(scene, 100, 500);
  set_started(scene, 101, 700);
  const auto container = scene.add(path_a, "");
  const auto inner = scene.add(path_a + "/init.scope", "100\n", container);
  const auto slice = scene.add(path_a + "/system.slice", "", container);
  const auto service = scene.add(path_a + "/system.slice/b.service", "101\n", slice);
  scene.poll();
  EXPECT_EQ(scene[container]->first_start, 500U);
  EXPECT_EQ(scene[inner]->first_start, 500U);
  EXPECT_EQ(scene[slice]->first_start, std::nullopt);
  EXPECT_EQ(scene[service]->first_start, 700U);
}

TEST(ResolverStarts, OfAContainerWithProcessesAreOlderIfTheyBeganBelowIt) {
  Scene scene;
  set_started(scene, 100, 500);
  set_started(scene, 101, 700);
  const auto container = scene.add(path_a, "101\n");
  const auto inner = scene.add(path_a + "/inner", "100\n", container);
  EXPECT_EQ(scene.poll()[container]->first_start, 500U);
  set_started(scene, 90, 200);
  const auto later = scene.add(path_a + "/later", "90\n", container);
  scene.poll();
  EXPECT_EQ(scene[later]->first_start, 200U);
  EXPECT_EQ(scene[inner]->first_start, 500U);
  EXPECT_EQ(scene[container]->first_start, 500U) << "it does not move";
}

TEST(ResolverStarts, OfAPodAndAServiceWithoutProcessesAreThoseBelow) {
  Scene scene;
  set_started(scene, 100, 500);
  const auto qos = scene.add("/kubepods/burstable", "");
  const std::string pod_path = "/kubepods/burstable/podade7955908a46b7fbff947b29e5c22fd";
  const auto pod = scene.add(pod_path, "", qos);
  scene.add(pod_path + "/" + id_a, "100\n", pod);
  const auto slice = scene.add("/user.slice", "");
  const auto manager = scene.add("/user.slice/user@1000.service", "", slice);
  scene.add("/user.slice/user@1000.service/init.scope", "100\n", manager);
  scene.poll();
  EXPECT_EQ(scene[pod]->first_start, 500U);
  EXPECT_EQ(scene[manager]->first_start, 500U);
  EXPECT_EQ(scene[qos]->first_start, std::nullopt);
  EXPECT_EQ(scene[slice]->first_start, std::nullopt);
}

}  // namespace
}  // namespace cgroup2::identity
