// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "unit/identity/host_root.h"

namespace cgroup2::identity {
namespace {

using namespace test;

const std::string id(64, 'a');
const std::string config = R"({"annotations":{"nerdctl/name":"web"}})";

class ContainerdBundlesTest : public testing::Test {
 protected:
  Root root;
  base::Rooted host = root.open();
  Annotations annotations{{}};

  std::string find(const std::string& path) {
    return find_names(IdentitySource::containerd, path, HostFiles{host, annotations});
  }
};

TEST_F(ContainerdBundlesTest, AreFoundInTheStateOfEachDistribution) {
  const struct {
    const char *state, *name_space;
    std::string cgroup;
  } rows[] = {
      {"run/containerd", "k8s.io", "/kubepods/pod2942c55e-c9cb-428a-93f4-eaf89c1f3ce0/" + id},
      {"run/k3s/containerd", "k8s.io", "/x/cri-containerd-" + id + ".scope"},
      {"run/k0s/containerd", "k8s.io", "/x/" + id},
      {"var/snap/microk8s/common/run/containerd", "k8s.io", "/x/" + id},
      {"run/containerd", "default", "/system.slice/nerdctl-" + id + ".scope"},
      {"run/containerd", "build", "/build/" + id},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(find(row.cgroup), "absent") << row.cgroup;
    const std::string state(row.state);
    root.write(
        state + "/io.containerd.runtime.v2.task/" + row.name_space + '/' + id + "/config.json",
        config);
    EXPECT_EQ(find(row.cgroup), "found container=web runtime=containerd") << state;
    root.remove(state);
  }
}

TEST_F(ContainerdBundlesTest, AreNotReadForOtherRuntimes) {
  for (const std::string& path : {"/docker/" + id, "/machine.slice/libpod-" + id + ".scope",
                                  "/machine.slice/crio-" + id + ".scope", std::string("/lxc/web"),
                                  std::string("/system.slice/a.service")}) {
    EXPECT_EQ(find(path), "-") << path;
  }
}

TEST_F(ContainerdBundlesTest, FailIfTheyAreNoConfigurations) {
  const std::string task = "run/containerd/io.containerd.runtime.v2.task/";
  root.write(task + "default/" + id + "/config.json", config.substr(0, 30));
  EXPECT_EQ(find("/x/" + id), "failed");
  root.write(task + "k8s.io/" + id + "/config.json", "{}");
  EXPECT_EQ(find("/x/" + id), "failed");
  root.write(task + "x/" + id + "/config.json", config);
  EXPECT_EQ(find("/x/" + id), "found container=web runtime=containerd")
      << "a bundle without names does not hide another one";
}

}  // namespace
}  // namespace cgroup2::identity
