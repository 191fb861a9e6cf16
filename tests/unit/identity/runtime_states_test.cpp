// SPDX-License-Identifier: Apache-2.0
#include "identity/runtime_states.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <ostream>
#include <string>

#include "unit/identity/host_root.h"

namespace cgroup2::identity {

void PrintTo(const RuntimeState& state, std::ostream* out) {
  *out << state.cgroup << " of " << state.bundle;
}

namespace {

using namespace test;

TEST(RuntimeState, HoldsTheCgroupAndTheBundle) {
  const struct {
    const char* text;
    RuntimeState expected;
  } rows[] = {
      {R"({"pid":100,"cgroup-path":"/build/17","scope":"","rootfs":"rootfs","systemd-cgroup":false,
          "bundle":"/run/b","created":"2024-01-01T00:00:00Z","owner":"root"})",
       {"/build/17", "/run/b"}},
      {R"({"id":"x","config":{"rootfs":"/r","labels":["a=bundle=/no","bundle=/run/b"]},
          "cgroup_paths":{"":"/sys/fs/cgroup/build/17"}})",
       {"/build/17", "/run/b"}},
      {R"({"cgroup-path":"/a"})", {"/a", ""}},
      {R"({"cgroup-path":"/a//b/","bundle":""})", {"/a/b", ""}},
      {R"({"cgroup_paths":{"":"/sys/fs/cgroup/a"},"config":{"labels":["bundle=","bundle"]}})",
       {"/a", ""}},
      {R"({"cgroup-path":"/a","cgroup-path":"/b"})", {"/b", ""}},
  };
  for (const auto& row : rows) EXPECT_EQ(parse_runtime_state(row.text), row.expected) << row.text;
}

TEST(RuntimeState, IsNothingWithoutACgroup) {
  for (const char* text :
       {"", "{}", "[]", "null", R"({"cgroup-path":"/a")", R"({"cgroup-path":""})",
        R"({"cgroup-path":"a"})", R"({"cgroup-path":"/"})", R"({"cgroup-path":"//"})",
        R"({"cgroup-path":["/a"]})", R"({"cgroup_paths":{"":"/elsewhere/a"}})",
        R"({"cgroup_paths":{"":"/sys/fs/cgroup"}})", R"({"cgroup_paths":{"":"/sys/fs/cgroup/"}})",
        R"({"cgroup_paths":{"":"/sys/fs/cgroups/a"}})",
        R"({"cgroup_paths":{"memory":"/sys/fs/cgroup/memory/a"}})", R"({"cgroup_paths":["/a"]})",
        "{\"cgroup-path\":\"/\xff\"}"}) {
    EXPECT_EQ(parse_runtime_state(text), std::nullopt) << text;
  }
}

class RuntimeStatesTest : public testing::Test {
 protected:
  void write(const std::string& id, const std::string& cgroup,
             const std::string& bundle = "/run/b") const {
    root.write("run/crun/" + id + "/status",
               R"({"cgroup-path":")" + cgroup + R"(","bundle":")" + bundle + "\"}");
  }
  [[nodiscard]] std::string owner(const std::string& cgroup) const {
    const auto owner = states.workload_of(cgroup);
    return owner
               ? std::string(to_string(owner->kind)) + ' ' +
                     std::string(to_string(owner->runtime)) + ' ' + std::string(owner->container_id)
               : "nobody";
  }
  std::string look(const std::string& runtime, const std::string& id) {
    Names names;
    Workload who;
    who.runtime = runtime_of(runtime);
    who.container_id = id;
    const auto result = states.look({who, "/x"}, names);
    return result ? std::string(to_string(*result)) + describe(names) : "-";
  }

  Root root;
  base::Rooted host = root.open();
  Annotations annotations{{"app"}};
  RuntimeStates states{HostFiles{host, annotations}};
};

TEST_F(RuntimeStatesTest, NameTheOwnerOfACgroup) {
  EXPECT_FALSE(states.refresh());
  EXPECT_EQ(owner("/build/17"), "nobody");
  write("web", "/build/17");
  root.write("run/runc/db/state.json", R"({"cgroup_paths":{"":"/sys/fs/cgroup/build/18"}})");
  EXPECT_TRUE(states.refresh());
  EXPECT_EQ(owner("/build/17"), "container crun web");
  EXPECT_EQ(owner("/build/18"), "container runc db");
  EXPECT_EQ(owner("/build/17/x"), "nobody");
  EXPECT_EQ(owner("/build"), "nobody");
  EXPECT_FALSE(states.refresh());
  root.remove("run/crun/web");
  EXPECT_TRUE(states.refresh());
  EXPECT_EQ(owner("/build/17"), "nobody");
  root.remove("run/runc");
  EXPECT_TRUE(states.refresh());
  EXPECT_EQ(owner("/build/18"), "nobody");
}

std::string state_of(const std::string& cgroup, const std::string& bundle) {
  return R"({"cgroup_paths":{"":"/sys/fs/cgroup)" + cgroup + R"("},"config":{"labels":["bundle=)" +
         bundle + R"("]}})";
}

TEST_F(RuntimeStatesTest, NameContainersOfContainerdThatHaveAPlainName) {
  const std::string states_of = "run/containerd/runc/";
  EXPECT_FALSE(states.refresh());
  root.write(states_of + "system/etcd/state.json", state_of("/system/etcd", "/run/e"));
  root.write(states_of + "default/my-test/status",
             R"({"cgroup-path":"/default/my-test","bundle":"/run/t"})");
  EXPECT_TRUE(states.refresh());
  EXPECT_EQ(owner("/system/etcd"), "container containerd etcd");
  EXPECT_EQ(owner("/default/my-test"), "container containerd my-test") << "made by crun";
  EXPECT_EQ(owner("/system"), "nobody");
  EXPECT_FALSE(states.refresh());
  root.remove(states_of + "default/my-test");
  EXPECT_TRUE(states.refresh());
  EXPECT_EQ(owner("/default/my-test"), "nobody");
  root.remove(states_of + "system");
  EXPECT_TRUE(states.refresh());
  EXPECT_EQ(owner("/system/etcd"), "nobody");
  root.remove("run/containerd");
  EXPECT_FALSE(states.refresh());
}

TEST_F(RuntimeStatesTest, LeaveOutContainersOfContainerdWhosePathHasTheId) {
  const std::string id(64, 'a');
  root.write("run/containerd/runc/k8s.io/" + id + "/state.json", state_of("/k8s.io/x", "/run/b"));
  (void)states.refresh();
  EXPECT_EQ(owner("/k8s.io/x"), "nobody");
}

TEST_F(RuntimeStatesTest, TellContainersOfTwoNamespacesWithTheSameNameByTheirCgroup) {
  for (const std::string name : {"a", "b"}) {
    root.write("run/containerd/runc/" + name + "/web/state.json",
               state_of("/" + name + "/web", "/run/" + name));
    root.write("run/" + name + "/config.json", R"({"annotations":{"app":")" + name + "\"}}");
  }
  EXPECT_TRUE(states.refresh());
  const auto look_at = [&](const std::string& path) {
    Names names;
    const auto result = states.look(
        {make_workload(WorkloadKind::container, Runtime::containerd, "web"), path}, names);
    return result ? std::string(to_string(*result)) + describe(names) : "-";
  };
  EXPECT_EQ(look_at("/a/web"), "found [a]");
  EXPECT_EQ(look_at("/b/web"), "found [b]");
  EXPECT_EQ(look_at("/elsewhere"), "-");
}

TEST_F(RuntimeStatesTest, KnowTheContainerOfAnotherProgramThatContainerdRunsByItsCgroup) {
  const std::string path = "/garden/good/h1";
  root.write("run/containerd/runc/garden/h1/state.json", state_of(path, "/run/b"));
  root.write("run/b/config.json", R"({"annotations":{"app":"shop"}})");
  EXPECT_TRUE(states.refresh());
  Names names;
  EXPECT_EQ(states.look({parse_path(path), path}, names), LookupResult::found);
  EXPECT_EQ(describe(names), " [shop]");
  EXPECT_EQ(look("garden", "h1"), "-") << "a cgroup elsewhere";
}

TEST_F(RuntimeStatesTest, SurviveDirectoriesOfContainerdThatAreNoNamespaces) {
  root.write("run/containerd/runc/file", "x");
  root.link("run/containerd/runc/loop", "loop");
  root.link("run/containerd/runc/out", "/etc");
  root.write("run/containerd/runc/system/etcd/state.json", state_of("/system/etcd", ""));
  EXPECT_TRUE(states.refresh());
  EXPECT_EQ(owner("/system/etcd"), "container containerd etcd");
  EXPECT_FALSE(states.refresh());
}

TEST_F(RuntimeStatesTest, SeeAContainerThatWasMadeAgainUnderItsOldId) {
  write("web", "/build/17");
  EXPECT_TRUE(states.refresh());
  root.remove("run/crun/web");
  write("web", "/build/18");
  EXPECT_TRUE(states.refresh());
  EXPECT_EQ(owner("/build/17"), "nobody");
  EXPECT_EQ(owner("/build/18"), "container crun web");
}

TEST_F(RuntimeStatesTest, ReadAgainWhatWasNotWrittenYet) {
  root.write("run/crun/web/", "");
  EXPECT_FALSE(states.refresh());
  root.write("run/crun/web/status", R"({"cgroup-path":)");
  EXPECT_FALSE(states.refresh());
  write("web", "/build/17");
  EXPECT_TRUE(states.refresh());
  EXPECT_EQ(owner("/build/17"), "container crun web");
}

TEST_F(RuntimeStatesTest, ReportNoChangeForWhatStaysBroken) {
  write("web", "/build/17");
  root.write("run/crun/stale/", "");
  root.write("run/crun/file", "x");
  root.write("run/crun/cut/status", "{");
  root.write("run/crun/huge/status", std::string(10'000'000, ' '));
  root.write("run/crun/directory/status/", "");
  root.write("run/crun/fifo/", "");
  ASSERT_EQ(::mkfifo(root.path("run/crun/fifo/status").c_str(), 0600), 0);
  root.link("run/crun/loop", "loop");
  root.link("run/crun/dangling/status", "/nowhere");
  EXPECT_TRUE(states.refresh());
  EXPECT_FALSE(states.refresh());
  EXPECT_EQ(owner("/build/17"), "container crun web");
  root.remove("run/crun");
  EXPECT_TRUE(states.refresh());
  EXPECT_EQ(owner("/build/17"), "nobody");
}

TEST_F(RuntimeStatesTest, KeepTheirContainersWhenAListFails) {
  write("web", "/build/17");
  EXPECT_TRUE(states.refresh());
  write("db", "/build/18");
  root.age("run/crun");
  {
    const LastDescriptor last;
    EXPECT_FALSE(states.refresh());
  }
  EXPECT_EQ(owner("/build/17"), "container crun web");
  EXPECT_TRUE(states.refresh());
  EXPECT_EQ(owner("/build/18"), "container crun db");
}

TEST_F(RuntimeStatesTest, TakeTheNamesOfTheBundle) {
  write("web", "/build/17");
  write("bare", "/build/18", "");
  write("slashes", "/build/19", "///");
  write("nul", "/build/20", "/run/b\\u0000");
  write("long", "/build/21", std::string(100'000, 'x'));
  write("outside", "/build/22", "/../../run/b");
  EXPECT_TRUE(states.refresh());
  EXPECT_EQ(look("crun", "web"), "absent");
  root.write("run/b/config.json", R"({"annotations":{"app":"shop","nerdctl/name":"w"}})");
  EXPECT_EQ(look("crun", "web"), "found container=w [shop]");
  EXPECT_EQ(look("crun", "bare"), "absent");
  EXPECT_EQ(look("crun", "slashes"), "absent");
  EXPECT_EQ(look("crun", "nul"), "failed");
  EXPECT_EQ(look("crun", "long"), "failed");
  EXPECT_EQ(look("crun", "outside"), "found container=w [shop]") << "the root's own";
  EXPECT_EQ(look("crun", "gone"), "-");
  EXPECT_EQ(look("crun", ""), "-");
}

TEST_F(RuntimeStatesTest, AnnotationsOfAnImageChooseNoPod) {
  const std::string id(64, 'a');
  const std::string annotations_of_pod =
      R"({"annotations":{"app":"shop","io.kubernetes.pod.name":"P","nerdctl/name":"N"}})";
  write(id, "/build/17");
  write("buildah-buildah1", "/build/18");
  write("web", "/build/19");
  root.write("run/b/config.json", annotations_of_pod);
  EXPECT_TRUE(states.refresh());
  for (const char* runtime : {"libpod", "docker", "unknown", "crun"})
    EXPECT_EQ(look(runtime, id), "found [shop]") << runtime;
  EXPECT_EQ(look("buildah", "buildah-buildah1"), "found [shop]");
  EXPECT_EQ(look("crio", id), "found pod=P container=N [shop]");
  EXPECT_EQ(look("crun", "web"), "found pod=P container=N [shop]") << "root wrote them";
}

TEST_F(RuntimeStatesTest, AreNotTakenForWhatOnlyHasTheSameName) {
  const std::string id(64, 'a');
  write("42", "/build/17");
  write(id, "/build/18");
  write("buildah-buildah1", "/build/19");
  root.write("run/b/config.json", R"({"annotations":{"app":"shop"}})");
  root.write("run/runc/42/state.json",
             R"({"cgroup_paths":{"":"/sys/fs/cgroup/a"},"config":{"labels":["bundle=/run/c"]}})");
  root.write("run/c/config.json", R"({"annotations":{"app":"other"}})");
  EXPECT_TRUE(states.refresh());
  EXPECT_EQ(look("crun", "42"), "found [shop]");
  EXPECT_EQ(look("runc", "42"), "found [other]");
  for (const char* runtime : {"slurm", "lxc", "nspawn", "qemu", "unknown"})
    EXPECT_EQ(look(runtime, "42"), "-") << runtime;
  EXPECT_EQ(look("libpod", id), "found [shop]") << "64 hex digits are unique";
  EXPECT_EQ(look("buildah", "buildah-buildah1"), "found [shop]");
}

TEST_F(RuntimeStatesTest, LetOneContainerHaveACgroup) {
  write("a", "/build/17");
  write("b", "/build/17");
  EXPECT_TRUE(states.refresh());
  EXPECT_EQ(owner("/build/17"), "container crun a");
}

TEST_F(RuntimeStatesTest, DoNotFollowALinkInABundle) {
  const std::string id(64, 'a');
  root.write("run/secret/config.json", R"({"annotations":{"io.kubernetes.pod.name":"web"}})");
  root.link("home/u/b/config.json", "/run/secret/config.json");
  write(id, "/build/17", "/home/u/b");
  (void)states.refresh();
  Names names;
  const auto owner = *states.workload_of("/build/17");
  EXPECT_EQ(states.look({owner, "/build/17"}, names), LookupResult::failed);
  EXPECT_EQ(names, Names());
}

}  // namespace
}  // namespace cgroup2::identity
