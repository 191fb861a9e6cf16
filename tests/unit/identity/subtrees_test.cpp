// SPDX-License-Identifier: Apache-2.0
#include "identity/subtrees.h"

#include <gtest/gtest.h>

#include <string>

#include "base/cgroup_path.h"

namespace cgroup2::identity {
namespace {

const std::string id(64, 'a');
const std::string uid = "2942c55e-c9cb-428a-93f4-eaf89c1f3ce0";
const std::string pod = "/kubepods/burstable/pod" + uid;
const std::string pod_slice =
    "/kubepods.slice/kubepods-burstable.slice/"
    "kubepods-burstable-pod2942c55e_c9cb_428a_93f4_eaf89c1f3ce0.slice";

std::string to_text(const base::Subtree& subtree) {
  const char* const words[] = {"user ", "service ", "workload "};
  return words[static_cast<int>(subtree.consumer_class)] + std::string(subtree.top);
}

// Asks for the path, and from the root down as a walk does, and expects the same.
std::string find(const std::string& path) {
  base::Subtree subtree;
  for (std::size_t end = 0; path != "/" && end != std::string::npos;) {
    end = path.find('/', end + 1);
    subtree = subtree_of_child(subtree, std::string_view(path).substr(0, end));
  }
  const auto at_once = subtree_of(path);
  EXPECT_EQ(to_text(subtree), to_text(at_once)) << path;
  return to_text(at_once);
}

TEST(Subtrees, AreOfUsersBelowTheirSlices) {
  const std::string slice = "/user.slice/user-1000.slice";
  EXPECT_EQ(find(slice), "user " + slice);
  EXPECT_EQ(find(slice + "/session-1.scope"), "user " + slice);
  EXPECT_EQ(find(slice + "/user@1000.service/app.slice/docker-" + id + ".scope/x"),
            "user " + slice);
  EXPECT_EQ(find(slice + "/user@1000.service" + pod + '/' + id), "user " + slice);
  EXPECT_EQ(find("/user.slice"), "service /user.slice");
  EXPECT_EQ(find("/user.slice/user-x.slice"), "service /user.slice/user-x.slice");
  EXPECT_EQ(find("/x.slice/user-1000.slice"), "service /x.slice/user-1000.slice");
}

TEST(Subtrees, ArePodsWithAllThatIsInThem) {
  EXPECT_EQ(find(pod), "workload " + pod);
  EXPECT_EQ(find(pod + '/' + id + "/system.slice/a.service"), "workload " + pod);
  EXPECT_EQ(find(pod + "/kubepods/pod" + uid), "workload " + pod);
  EXPECT_EQ(find(pod_slice), "workload " + pod_slice);
  EXPECT_EQ(find(pod_slice + "/cri-containerd-" + id + ".scope"), "workload " + pod_slice);
  EXPECT_EQ(find("/a/b" + pod + "/x"), "workload /a/b" + pod) << "a kubelet's --cgroup-root";
}

TEST(Subtrees, AreContainersMachinesAndJobs) {
  const std::string tops[] = {
      "/system.slice/docker-" + id + ".scope",
      "/docker/" + id,
      "/lxc/101",
      "/lxc.payload.web",
      "/machine.slice/libpod-" + id + ".scope",
      "/machine.slice/machine-libpod_pod_" + id + ".slice",
      "/machine.slice/machine-web.scope",
      "/machine.slice/vm-7.scope",
      "/machine.slice/systemd-nspawn@web.service",
      "/system.slice/slurmstepd.scope/job_42",
      "/torque/42.server",
  };
  for (const auto& top : tops) {
    EXPECT_EQ(find(top), "workload " + top);
    EXPECT_EQ(find(top + "/a/b"), "workload " + top);
  }
}

// The pods of a kubelet in a container take that container's share: who is in it can make any.
TEST(Subtrees, AreTheOutermostWorkload) {
  EXPECT_EQ(find("/docker/" + id + "/kubelet" + pod + "/x"), "workload /docker/" + id);
}

TEST(Subtrees, AreUnitsAndTopLevelDirectories) {
  EXPECT_EQ(find("/"), "service /");
  EXPECT_EQ(find("/init.scope"), "service /init.scope");
  EXPECT_EQ(find("/system.slice"), "service /system.slice");
  EXPECT_EQ(find("/system.slice/a.mount"), "service /system.slice/a.mount");
  EXPECT_EQ(find("/system.slice/a.service/b/c"), "service /system.slice/a.service");
  EXPECT_EQ(find("/system.slice/plain/x"), "service /system.slice");
  EXPECT_EQ(find("/a.slice/a-b.slice/plain"), "service /a.slice/a-b.slice");
  EXPECT_EQ(find("/plain/b/c"), "service /plain");
  EXPECT_EQ(find("/kubepods/burstable"), "service /kubepods");
  EXPECT_EQ(find("/kubepods.slice/kubepods-burstable.slice"),
            "service /kubepods.slice/kubepods-burstable.slice");
  EXPECT_EQ(find("/system.slice/slurmstepd.scope/system/x"),
            "service /system.slice/slurmstepd.scope");
}

TEST(Subtrees, DoNotBecomeWorkloadsByNamesThatADelegatedUnitGives) {
  const std::string units[] = {"/system.slice/a.service", "/system.slice/a.scope", "/b.service",
                               "/system.slice/a\tb.service"};
  const std::string names[] = {pod,
                               pod + '/' + id,
                               pod_slice,
                               "/docker-" + id + ".scope",
                               '/' + id,
                               "/lxc/101",
                               "/machine.slice/machine-web.scope",
                               "/machine.slice/x.scope",
                               "/slurmstepd.scope/job_42",
                               "/slurm/uid_0/job_42",
                               "/user.slice/user-0.slice/x"};
  for (const auto& unit : units) {
    for (const auto& name : names) EXPECT_EQ(find(unit + name), "service " + unit) << name;
  }
}

TEST(Subtrees, PointIntoThePath) {
  const std::string path = "/docker/" + id + "/x";
  EXPECT_EQ(subtree_of(path).top.data(), path.data());
  EXPECT_EQ(subtree_of_child(subtree_of("/docker/" + id), path).top.data(), path.data());
}

TEST(Subtrees, AreTopsOfTheirPathsWhateverTheBytesAre) {
  const std::string paths[] = {pod + "/crio-" + id + ".scope/x", pod_slice,
                               "/user.slice/user-1000.slice/a", "/system.slice/a.service/b"};
  for (const auto& path : paths) {
    for (std::size_t at = 1; at < path.size(); ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        auto changed = path;
        changed[at] = static_cast<char>(byte);
        const auto top = subtree_of(changed).top;
        EXPECT_TRUE(changed == top || base::is_below(changed, top)) << changed;
      }
    }
  }
}

}  // namespace
}  // namespace cgroup2::identity
