// SPDX-License-Identifier: Apache-2.0
// How it names containers inside of other containers.
#include <gtest/gtest.h>

#include <string>

#include "unit/identity/mount_scene.h"
#include "unit/identity/scene.h"

namespace cgroup2::identity {
namespace {

using namespace test;

const std::string id_c(64, 'c');
const std::string outer_path = "/docker/" + id_a;
const std::string inner_path = outer_path + "/docker/" + id_b;

// Process 100 is in the outer container, whose files are below "outer".
class ResolverNested : public testing::Test {
 protected:
  ResolverNested() {
    scene.set_process(100, of_a);
    scene.tree.link("proc/100/root", scene.tree.path("outer"));
    scene.tree.write("outer/", "");
    scene.tree.write("proc/100/mountinfo", mount_line(scene.tree.path("outer"), "ext4"));
    outer = scene.add(outer_path, "");
    scene.add(outer_path + "/init", "100\n", outer);
  }

  void write_docker(const std::string& root, const std::string& id, const std::string& name) const {
    scene.tree.write(root + "/var/lib/docker/containers/" + id + "/config.v2.json",
                     R"({"Name":"/)" + name + R"(","Config":{"Image":"i"}})");
  }

  Scene scene;
  std::size_t outer = 0;
};

TEST_F(ResolverNested, NameAContainerOfDockerInDocker) {
  write_docker("root", id_a, "dind");
  write_docker("outer", id_b, "job");
  const auto inner = scene.add(inner_path, "", outer);
  const auto below = scene.add(inner_path + "/init.scope", "", inner);
  scene.poll();
  scene.poll();
  EXPECT_EQ(scene[inner]->nested_name, "job");
  EXPECT_EQ(scene[below]->nested_name, "job");
  EXPECT_EQ(scene[inner]->names.container, "dind") << "whose owner answers for it";
  EXPECT_EQ(scene[outer]->nested_name, "");
}

TEST_F(ResolverNested, NameAContainerOfAKubeletInAContainer) {
  scene.tree.write(
      "outer/run/containerd/io.containerd.runtime.v2.task/k8s.io/" + id_b + "/config.json",
      R"({"annotations":{"io.kubernetes.cri.container-name":"web",
                                      "io.kubernetes.cri.container-type":"container"}})");
  const auto inner = scene.add(
      outer_path + "/kubelet/kubepods/pod2942c55e-c9cb-428a-93f4-eaf89c1f3ce0/" + id_b, "", outer);
  scene.poll();
  scene.poll();
  EXPECT_EQ(scene[inner]->nested_name, "web");
  EXPECT_EQ(scene[inner]->names.container, "");
}

// Who is in the outer container chooses the paths, and may choose the id of another's.
TEST_F(ResolverNested, TakeNoNameOfTheHostOrOfAnotherContainer) {
  write_docker("root", id_b, "of-the-host");
  write_docker("outer", id_c, "of-a");
  const auto inner = scene.add(inner_path, "", outer);
  const auto other = scene.add("/docker/" + std::string(64, 'd') + "/docker/" + id_c, "");
  for (int i = 0; i < 10; ++i) scene.poll();
  EXPECT_EQ(scene[inner]->nested_name, "");
  EXPECT_EQ(scene[other]->nested_name, "");
}

TEST_F(ResolverNested, ReadNothingBelowTheRootOfTheHost) {
  scene.set_process(100, {1001, of_host.mnt, 1003});
  scene.tree.link("proc/100/root", scene.tree.path("outer"));
  scene.tree.write("proc/100/mountinfo", mount_line(scene.tree.path("outer"), "ext4"));
  write_docker("outer", id_b, "of-the-host");
  const auto inner = scene.add(inner_path, "", outer);
  for (int i = 0; i < 10; ++i) scene.poll();
  EXPECT_EQ(scene[inner]->nested_name, "");
}

TEST_F(ResolverNested, ReadNothingForAContainerInAJobOrOfAUser) {
  write_docker("outer", id_b, "inner");
  const auto of_job = scene.add("/system.slice/slurmstepd.scope/job_1/docker/" + id_b, "", outer);
  scene.add("/system.slice/slurmstepd.scope/job_1/x", "100\n");
  const std::string user = "/user.slice/user-1000.slice/user@1000.service";
  const auto of_user = scene.add(user + inner_path, "");
  scene.add(user + outer_path, "100\n");
  for (int i = 0; i < 10; ++i) scene.poll();
  EXPECT_EQ(scene[of_job]->workload.nested_container_id, id_b);
  EXPECT_EQ(scene[of_user]->workload.nested_container_id, id_b);
  EXPECT_EQ(scene[of_job]->nested_name, "");
  EXPECT_EQ(scene[of_user]->nested_name, "");
}

TEST_F(ResolverNested, WaitForNoName) {
  write_docker("root", id_a, "dind");
  const auto inner = scene.add(inner_path, "", outer);
  for (int i = 0; i < 300; ++i) scene.poll();
  EXPECT_EQ(scene[inner]->workload.nested_container_id, id_b);
  EXPECT_EQ(scene[inner]->nested_name, "");
  EXPECT_FALSE(scene[inner]->may_get_name);
  EXPECT_EQ(scene.nameless(), 0u);
  EXPECT_EQ(scene.errors.counts().count({"names", "no_source"}), 0u);
}

}  // namespace
}  // namespace cgroup2::identity
