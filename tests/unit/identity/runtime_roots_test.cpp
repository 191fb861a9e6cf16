// SPDX-License-Identifier: Apache-2.0
#include "identity/runtime_roots.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "identity/host_files.h"
#include "unit/identity/host_root.h"

namespace cgroup2::identity {
namespace {

using namespace test;
using Paths = std::vector<std::string>;

class RuntimeRootsTest : public testing::Test {
 protected:
  [[nodiscard]] RuntimeRoots find(const RootSettings& settings = {}) const {
    const auto procfs = base::Dir::open(root.path("proc"));
    return find_runtime_roots(host, procfs ? *procfs : no_procfs, settings);
  }

  Root root;
  base::Rooted host = root.open();
  base::Dir no_procfs;
  const RuntimeRoots usual{};
};

TEST_F(RuntimeRootsTest, AreTheUsualOnesWithoutConfiguration) {
  const auto roots = find();
  EXPECT_EQ(roots.docker, usual.docker);
  EXPECT_EQ(roots.graph, usual.graph);
  EXPECT_EQ(roots.run, usual.run);
  EXPECT_EQ(roots.drivers, usual.drivers);
  EXPECT_EQ(roots.containerd_states, usual.containerd_states);
  EXPECT_EQ(roots.pod_logs, usual.pod_logs);
}

TEST_F(RuntimeRootsTest, AreThoseOfTheConfigurationFirst) {
  root.write("etc/docker/daemon.json", R"({"log-level":"warn","data-root":"/data/docker"})");
  root.write("usr/share/containers/storage.conf", "[storage]\ngraphroot = \"/usr/graph\"\n");
  root.write(
      "etc/containers/storage.conf",
      "[storage]\ndriver = \"btrfs\"\ngraphroot = \"/data/graph\"\nrunroot = \"/data/run\"\n");
  root.write("etc/containerd/config.toml", "version = 2\nroot = \"/r\"\nstate = \"/data/c\"\n");
  root.write("var/lib/kubelet/config.yaml", "kind: KubeletConfiguration\npodLogsDir: /data/pods\n");
  const auto roots = find();
  EXPECT_EQ(roots.docker.front(), "/data/docker");
  EXPECT_EQ(roots.docker.size(), usual.docker.size() + 1);
  EXPECT_EQ(roots.graph, (Paths{"/data/graph", "/usr/graph", "var/lib/containers/storage"}));
  EXPECT_EQ(roots.run, (Paths{"/data/run", "run/containers/storage"}));
  EXPECT_EQ(roots.drivers, (Paths{"btrfs", "overlay", "vfs"}));
  EXPECT_EQ(roots.containerd_states.front(), "/data/c");
  EXPECT_EQ(roots.pod_logs, "/data/pods");
}

TEST_F(RuntimeRootsTest, AreThoseOfCrioAfterThoseOfStorage) {
  root.write("etc/containers/storage.conf", "[storage]\ngraphroot = \"/a\"\n");
  root.write("etc/crio/crio.conf", "[crio]\nroot = \"/b\"\nrunroot = \"/run/b\"\n");
  root.write("etc/crio/crio.conf.d/10-x.conf", "[crio]\nroot = \"/c\"\n");
  root.write("etc/crio/crio.conf.d/20-y.conf", "[crio.runtime]\nroot = \"/d\"\n");
  const auto roots = find();
  EXPECT_EQ(roots.graph, (Paths{"/c", "/b", "/a", "var/lib/containers/storage"}));
  EXPECT_EQ(roots.run.front(), "/run/b");
}

TEST_F(RuntimeRootsTest, AreThoseThatAreSetAlone) {
  root.write("etc/docker/daemon.json", R"({"data-root":"/data/docker"})");
  const auto roots = find({"/d", "/g", "/r", "/c", "/p"});
  EXPECT_EQ(roots.docker, Paths{"/d"});
  EXPECT_EQ(roots.graph, Paths{"/g"});
  EXPECT_EQ(roots.run, Paths{"/r"});
  EXPECT_EQ(roots.containerd_states, Paths{"/c"});
  EXPECT_EQ(roots.pod_logs, "/p");
}

TEST_F(RuntimeRootsTest, AreTheUsualOnesWhereTheConfigurationIsBroken) {
  root.write("etc/docker/daemon.json", R"({"data-root":7)");
  root.write("etc/containers/storage.conf", "[storage]\ngraphroot = \"data\"\ndriver = \"../x\"\n");
  root.write("etc/containerd/config.toml", "state = \n");
  root.write("var/lib/kubelet/config.yaml", "podLogsDir: [\n");
  root.link("etc/crio/crio.conf.d", "crio.conf.d");
  const auto roots = find();
  EXPECT_EQ(roots.docker, usual.docker);
  EXPECT_EQ(roots.graph, usual.graph);
  EXPECT_EQ(roots.drivers, usual.drivers);
  EXPECT_EQ(roots.containerd_states, usual.containerd_states);
  EXPECT_EQ(roots.pod_logs, usual.pod_logs);
}

TEST_F(RuntimeRootsTest, TakeDockersFromTheDaemonThatRuns) {
  using namespace std::string_literals;
  root.write("etc/docker/daemon.json", R"({"data-root":"/old"})");
  root.write("run/docker.pid", "42");
  root.write("proc/42/comm", "dockerd\n");
  root.write("proc/42/cmdline", "/usr/bin/dockerd\0-H\0fd://\0--data-root=/new\0"s);
  EXPECT_EQ(find().docker.front(), "/new");
  root.write("proc/42/comm", "bash\n");
  EXPECT_EQ(find().docker.front(), "/old") << "the number is somebody else's";
  root.write("run/docker.pid", "43\n");
  EXPECT_EQ(find().docker.front(), "/old");
}

TEST(DataRoot, IsFoundInTheArguments) {
  using namespace std::string_literals;
  const std::pair<std::string, const char*> rows[] = {
      {"dockerd\0"s, ""},
      {"dockerd\0--data-root\0/a\0--debug\0"s, "/a"},
      {"dockerd\0--data-root=/a\0"s, "/a"},
      {"dockerd\0-g\0/a"s, "/a"},
      {"dockerd\0--graph=/a\0--data-root=/b\0"s, "/b"},
      {"dockerd\0--data-root\0"s, ""},
      {"dockerd\0--exec-root=/x\0-H\0--data-rooted\0"s, ""},
      {"", ""},
  };
  for (const auto& [arguments, expected] : rows) EXPECT_EQ(data_root_of(arguments), expected);
}

TEST_F(RuntimeRootsTest, OfAUserAreInTheUsersOwnConfiguration) {
  root.write("etc/passwd", my_passwd);
  root.write("home/u/", "");
  const Annotations annotations({});
  HostFiles files{host, annotations};
  EXPECT_FALSE(rootless_graph_of(files, my_uid));
  EXPECT_FALSE(rootless_docker_of(files, my_uid));
  files.roots.rootless_graph = "/scratch/$USER/$UID$HOME";
  const auto of_host = rootless_graph_of(files, my_uid);
  ASSERT_TRUE(of_host);
  EXPECT_EQ(of_host->path, "scratch/u/" + my_uid + "/home/u");
  root.write("home/u/.config/containers/storage.conf", "[storage]\ngraphroot = \"$HOME/data\"\n");
  root.write("home/u/.config/docker/daemon.json", R"({"data-root":"/fast/docker"})");
  EXPECT_EQ(rootless_graph_of(files, my_uid)->path, "home/u/data");
  EXPECT_EQ(rootless_docker_of(files, my_uid)->path, "fast/docker");
  EXPECT_EQ(std::to_string(rootless_docker_of(files, my_uid)->owner), my_uid);
  root.write("home/u/.config/containers/storage.conf", "[storage]\ngraphroot = \"data\"\n");
  EXPECT_FALSE(rootless_graph_of(files, my_uid));
  EXPECT_FALSE(rootless_graph_of(files, "4711"));
}

TEST_F(RuntimeRootsTest, OfAUserAreNotInAConfigurationThatTakesLong) {
  root.write("etc/passwd", my_passwd);
  const Annotations annotations({});
  const HostFiles files{host, annotations};
  const std::string storage = "[storage]\ngraphroot = \"/data\"\n";
  std::string keys;
  for (int i = 0; i < 900; ++i) keys += "a.";
  root.write("home/u/.config/containers/storage.conf", storage + keys + "b = 1\n");
  EXPECT_EQ(rootless_graph_of(files, my_uid)->path, "data");
  root.write("home/u/.config/containers/storage.conf",
             storage + keys + "b = 1\n" + keys + "c = 1\n");
  EXPECT_FALSE(rootless_graph_of(files, my_uid));
}

}  // namespace
}  // namespace cgroup2::identity
