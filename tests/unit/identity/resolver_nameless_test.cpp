// SPDX-License-Identifier: Apache-2.0
// Which containers it counts as nameless, and what it stops to look up.
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "identity/resolver.h"
#include "unit/identity/host_root.h"
#include "unit/identity/scene.h"

namespace cgroup2::identity {
namespace {

using namespace test;
using std::chrono::seconds;

const std::string uid = "2942c55e-c9cb-428a-93f4-eaf89c1f3ce0";
const std::string slice_uid = "3942c55e_c9cb_428a_93f4_eaf89c1f3ce0";
const std::string pod = "/kubepods/burstable/pod" + uid;

class ResolverNameless : public testing::Test {
 protected:
  void set_populated(std::size_t cgroup, bool is_populated) const {
    scene.tree.write("cgroup/" + std::to_string(cgroup) + "/cgroup.events",
                     is_populated ? "populated 1\nfrozen 0\n" : "populated 0\nfrozen 0\n");
  }
  std::size_t add(const std::string& path, bool is_populated) {
    const auto cgroup = scene.add(path, "");
    set_populated(cgroup, is_populated);
    return cgroup;
  }
  void poll_for(int time) {
    for (int i = 0; i < time; ++i) scene.poll();
  }
  [[nodiscard]] std::uint64_t looks() const { return scene.asked(IdentitySource::log_links); }

  Scene scene;
};

TEST_F(ResolverNameless, CountsContainersWithProcessesThatHaveNoPodAfterAMinute) {
  add(pod, true);
  add(pod + '/' + id_a, true);
  add(pod + '/' + id_a + "/inner", true);
  poll_for(60);
  EXPECT_EQ(scene.nameless(), 0u) << "a minute is not over";
  poll_for(10);
  EXPECT_EQ(scene.nameless(), 1u);
  scene.tree.write("root/var/log/pods/shop_web_" + uid + "/", "");
  poll_for(300);
  EXPECT_EQ(scene.nameless(), 0u);
}

TEST_F(ResolverNameless, TellsThatAContainerMayGetItsNameWhileItIsLookedFor) {
  scene.tree.write("root/var/log/pods/shop_web_" + uid + "/", "");
  const auto of_pod = add(pod, true);
  const auto container = add(pod + '/' + id_a, true);
  poll_for(31);
  EXPECT_EQ(scene[container]->names.pod, "web");
  EXPECT_TRUE(scene[container]->may_get_name);
  EXPECT_FALSE(scene[of_pod]->may_get_name);
  poll_for(10);
  EXPECT_FALSE(scene[container]->may_get_name);
}

TEST_F(ResolverNameless, CountsNeitherWhatIsLeftOverNorWhatNobodyOnTheHostCanName) {
  add(pod + '/' + id_a, false);
  add("/docker/" + id_a + "/kubelet" + pod + '/' + id_b, true);
  add(my_session + pod + '/' + id_b, true);
  add("/docker/" + id_b, true);
  poll_for(1000);
  EXPECT_EQ(scene.nameless(), 0u);
  EXPECT_EQ(scene.errors.counts().count({"names", "no_source"}), 0u);
}

TEST_F(ResolverNameless, AsksForNoNameOfWhatWasLeftOverWhenItBegan) {
  const auto leftover = add("/kubepods-pod" + slice_uid + ".slice:cri-containerd:" + id_a, false);
  add(pod, false);
  const auto docker = add("/docker/" + id_b, false);
  poll_for(1000);
  EXPECT_EQ(looks(), 0u);
  EXPECT_EQ(scene.asked(IdentitySource::docker), 0u);
  EXPECT_EQ(scene.nameless(), 0u);
  EXPECT_FALSE(scene[leftover]->may_get_name);
  set_populated(docker, true);
  poll_for(300);
  EXPECT_GT(scene.asked(IdentitySource::docker), 0u);
}

// Who is in the outer container could call a pod of its own like one of the host's.
TEST_F(ResolverNameless, TakesNoNameOfTheHostForAPodOfAKubeletInAContainer) {
  scene.tree.write("root/var/log/pods/shop_web_" + uid + "/", "");
  const auto inner = add("/docker/" + id_a + "/kubelet" + pod + '/' + id_b, true);
  poll_for(100);
  EXPECT_EQ(looks(), 0u);
  const auto of_host = add(pod + '/' + id_b, true);
  poll_for(1);
  EXPECT_EQ(scene[of_host]->names.pod, "web");
  EXPECT_EQ(scene[inner]->names.pod, "");
  EXPECT_EQ(scene[inner]->workload.nested_container_id, id_b);
  EXPECT_FALSE(scene[inner]->may_get_name);
  EXPECT_EQ(scene.nameless(), 0u);
}

TEST_F(ResolverNameless, LooksUpAContainerThatEndedForAMinute) {
  scene.poll();
  const auto docker = add("/docker/" + id_b, true);
  poll_for(3);
  set_populated(docker, false);
  poll_for(100);
  const auto before = scene.asked(IdentitySource::docker);
  EXPECT_GE(before, 7u);
  poll_for(3000);
  EXPECT_EQ(scene.asked(IdentitySource::docker), before);
}

TEST_F(ResolverNameless, LooksUpALeftoverPodForAMinuteAndAgainOnceItHasProcesses) {
  scene.poll();
  const auto cgroup = add(pod, false);
  poll_for(100);
  const auto before = looks();
  EXPECT_EQ(before, 7u) << "a container that was killed at once gets its name";
  poll_for(3000);
  EXPECT_EQ(looks(), before);
  EXPECT_EQ(scene[cgroup]->names.pod, "");
  set_populated(cgroup, true);
  scene.tree.write("root/var/log/pods/shop_web_" + uid + "/", "");
  poll_for(1);
  EXPECT_EQ(scene[cgroup]->names.pod, "web");
}

}  // namespace
}  // namespace cgroup2::identity
