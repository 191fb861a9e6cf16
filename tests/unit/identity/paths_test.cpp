// SPDX-License-Identifier: Apache-2.0
// Tests what a table cannot say. cgroup-paths.tsv and paths-and-units.tsv have a row for every
// shape of paths.cpp, leaf.cpp and kubepods.cpp.
#include "identity/paths.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "identity/components.h"
#include "unit/identity/host_root.h"

namespace cgroup2::identity {
namespace {

const std::string id(64, 'a');

struct Row {
  std::string path;
  std::string kind;
  Workload expected;
};

std::vector<Row> read_rows(const std::string& name) {
  std::ifstream file(CGROUP2_TESTDATA "/" + name);
  std::vector<Row> rows;
  std::string line;
  std::getline(file, line);  // the names of the columns
  while (std::getline(file, line)) {
    std::array<std::string, 9> fields;
    std::size_t field = 0;
    for (const char c : line) {
      if (c == '\t') {
        ++field;
      } else {
        fields.at(field) += c;
      }
    }
    const Workload expected{WorkloadKind::other, fields[2], fields[3], test::runtime_of(fields[4]),
                            fields[5],           fields[6], fields[7], fields[8]};
    rows.push_back({fields[0], fields[1], expected});
  }
  return rows;
}

Workload without_units(Workload identity) {
  identity.unit.clear();
  identity.user_unit.clear();
  return identity;
}

// NestedContainers has the rows for what is below a container.
void expect_row(Workload identity, const Row& row) {
  identity.nested_container_id.clear();
  identity.nested_runtime = Runtime::none;
  identity.is_of_inner_kubelet = false;
  EXPECT_EQ(to_string(identity.kind), row.kind) << row.path;
  identity.kind = WorkloadKind::other;
  EXPECT_EQ(identity, row.expected) << row.path;
}

TEST(ParsePath, KnowsEveryShapeOfTheTable) {
  const auto rows = read_rows("cgroup-paths.tsv");
  ASSERT_GT(rows.size(), 140u);
  for (const auto& row : rows) expect_row(without_units(parse_path(row.path)), row);
}

TEST(ParsePath, KnowsEveryShapeAndUnitOfTheTable) {
  const auto rows = read_rows("paths-and-units.tsv");
  ASSERT_GT(rows.size(), 20u);
  for (const auto& row : rows) expect_row(parse_path(row.path), row);
}

// The shape that the table of runtimes states for an id is that of the ids in paths.
TEST(ParsePath, FindsIdsOfTheShapeOfTheirRuntime) {
  for (const auto& row : read_rows("cgroup-paths.tsv")) {
    const Workload& owner = row.expected;
    if (owner.container_id.empty() || row_of(owner.runtime).id != IdShape::hex64) continue;
    EXPECT_TRUE(is_container_id(owner.container_id)) << row.path;
  }
}

TEST(ParsePath, TakesAnythingElseForOther) {
  const std::string paths[] = {"",
                               "/",
                               "//",
                               "/a\tb\n",
                               std::string("/\0/x", 4),
                               "/pod",
                               "/.scope",
                               "/:",
                               "/-.slice",
                               "/kata_",
                               "/docker-.scope",
                               "/lxc.monitor.",
                               "/a::" + id,
                               "/:" + id,
                               "/_" + id,
                               "/machine-.scope",
                               "/\xff\xfe",
                               "/systemd-nspawn@.service"};
  for (const auto& path : paths) EXPECT_EQ(without_units(parse_path(path)), Workload{}) << path;
}

TEST(ParsePath, IgnoresExtraSlashes) {
  const auto identity = parse_path("docker//" + id + "//sub/");
  EXPECT_EQ(identity.runtime, Runtime::docker);
  EXPECT_EQ(identity.subpath, "sub/");
}

TEST(ParsePath, DecodesOnlyWellFormedEscapesOfUnits) {
  const std::pair<std::string, std::string> rows[] = {
      {"a\\x2db", "a-b"}, {"a\\x2", "a\\x2"}, {"a\\xzz", "a\\xzz"},
      {"a\\", "a\\"},     {"\\xff", "\xff"},  {"\\x5cx2d", "\\x2d"},
  };
  for (const auto& [name, expected] : rows) {
    EXPECT_EQ(parse_path("/machine.slice/machine-" + name + ".scope").container_id, expected)
        << name;
  }
}

TEST(ParsePath, NeedsAWholeNumberBeforeTheNameOfADomain) {
  EXPECT_EQ(parse_path("/machine.slice/machine-qemu\\x2dx\\x2dy.scope").container_id, "qemu-x-y");
  EXPECT_EQ(parse_path("/machine.slice/machine-qemu\\x2d1\\x2d.scope").runtime, Runtime::nspawn);
  EXPECT_EQ(parse_path("/machine/qemu-x-y.libvirt-qemu").container_id, "qemu-x-y");
}

TEST(ParsePath, SurvivesEveryByteAtEveryPlace) {
  const std::string paths[] = {
      "/kubepods/burstable/pod2942c55e-c9cb-428a-93f4-eaf89c1f3ce0/crio-" + id + ".scope/x",
      "/user.slice/user@1000.service/app.slice/_a@1.service/libpod-payload-" + id + "/x",
      "/machine.slice/machine-libpod_pod_" + id + ".slice/crun-buildah-buildah1.scope"};
  for (const auto& path : paths) {
    for (std::size_t at = 0; at < path.size(); ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        auto changed = path;
        changed[at] = static_cast<char>(byte);
        const auto identity = parse_path(changed);
        EXPECT_TRUE(changed.ends_with(identity.subpath)) << changed;
        EXPECT_NE(changed.find(identity.unit), std::string::npos) << changed;
        EXPECT_NE(changed.find(identity.user_unit), std::string::npos) << changed;
      }
      EXPECT_LE(parse_path(path.substr(0, at)).subpath.size(), at);
    }
  }
}

TEST(ParsePath, NamesNoUnitAfterControlCharactersOrLongComponents) {
  const std::string longest(255, '\n');
  EXPECT_EQ(parse_path("/" + longest + "/a.service"), Workload{});
  EXPECT_EQ(parse_path("/a.slice/" + std::string(255, 'b') + ".service"), Workload{});
  EXPECT_EQ(parse_path("/a.slice/\x1b[2J.service"), Workload{});
  EXPECT_EQ(parse_path("/lxc.payload." + longest).container_id, longest);
}

TEST(ParsePath, IsLinearInHugePaths) {
  std::string path, slices;
  for (int i = 0; i < 100'000; ++i) {
    path += "/kubepods/podx-kubepods-burstable-pod:.slice/\\x2d";
    slices += "/_libpod_pod_-kubepods-burstable.slice";
  }
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(parse_path(path).kind, WorkloadKind::other);
  EXPECT_EQ(parse_path(slices).unit, "libpod_pod_-kubepods-burstable.slice");
  const auto name = "/lxc.payload." + std::string(4'000'000, '\\');
  EXPECT_EQ(parse_path(name).container_id.size(), 4'000'000u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

// "runtime id" of the container inside of the owner, or "-".
std::string nested_in(const std::string& path) {
  const auto owner = parse_path(path);
  if (owner.nested_container_id.empty()) return "-";
  return std::string(to_string(owner.nested_runtime)) + ' ' +
         std::string(owner.nested_container_id);
}

TEST(NestedContainers, AreTheInnermostInsideOfAContainerAMachineOrAJob) {
  const std::string inner(64, 'b'), innermost(64, 'c');
  const std::string scope = "/system.slice/docker-" + inner + ".scope";
  for (const std::string& outer :
       {"/docker/" + id, "/system.slice/docker-" + id + ".scope", std::string("/lxc.payload.web"),
        std::string("/lxc/101"), "/machine.slice/libpod-" + id + ".scope/container",
        std::string("/machine.slice/machine-qemu\\x2d3\\x2dweb.scope"),
        std::string("/system.slice/slurmstepd.scope/job_7/step_0/user/task_0"),
        "/kubepods/burstable/pod2942c55e-c9cb-428a-93f4-eaf89c1f3ce0/" + id}) {
    EXPECT_EQ(nested_in(outer), "-");
    EXPECT_EQ(nested_in(outer + "/init.scope"), "-");
    EXPECT_EQ(nested_in(outer + "/docker"), "-");
    EXPECT_EQ(nested_in(outer + "/docker/" + inner), "docker " + inner);
    EXPECT_EQ(nested_in(outer + scope), "docker " + inner);
    EXPECT_EQ(nested_in(outer + scope + "/x"), "docker " + inner);
    EXPECT_EQ(nested_in(outer + scope + "/docker/" + innermost + "/x"), "docker " + innermost);
    EXPECT_EQ(parse_path(outer + scope).container_id, parse_path(outer).container_id);
    EXPECT_EQ(parse_path(outer + scope).runtime, parse_path(outer).runtime);
  }
}

// kind and k3d run a kubelet in a container of Docker.
TEST(NestedContainers, AreThoseInPodsOfAKubeletInAContainer) {
  const std::string inner(64, 'b');
  const std::string pod = "/kubepods/burstable/pod2942c55e-c9cb-428a-93f4-eaf89c1f3ce0";
  EXPECT_EQ(nested_in("/docker/" + id + "/kubelet" + pod + '/' + inner), "unknown " + inner);
  EXPECT_EQ(nested_in("/system.slice/docker-" + id +
                      ".scope/kubelet.slice/kubelet-kubepods.slice/"
                      "kubelet-kubepods-pod2942c55e_c9cb_428a_93f4_eaf89c1f3ce0.slice/"
                      "cri-containerd-" +
                      inner + ".scope/x"),
            "cri-containerd " + inner);
  EXPECT_EQ(nested_in("/docker/" + id + "/kubelet" + pod), "-") << "a pod";
  EXPECT_EQ(nested_in(pod + '/' + inner), "-");
  EXPECT_EQ(nested_in(pod + "/docker/" + inner), "-") << "the pod's own container";
}

TEST(NestedContainers, AreNoneOutsideOfAll) {
  for (const std::string& path :
       {std::string("/"), "/docker/" + id, "/docker/" + id + "/init",
        "/machine.slice/libpod-" + id + ".scope/container", "/system.slice/docker-" + id + ".scope",
        std::string("/system.slice/nginx.service/x"),
        "/kata_overhead/kubepods/pod2942c55e-c9cb-428a-93f4-eaf89c1f3ce0/" + id})
    EXPECT_EQ(nested_in(path), "-") << path;
}

TEST(PathOfOwner, IsThePathWithoutWhatIsBelow) {
  const std::string path = "/system.slice/slurmstepd.scope/job_7/step_0/user";
  EXPECT_EQ(path_of_workload(path, parse_path(path)), "/system.slice/slurmstepd.scope/job_7");
  EXPECT_EQ(path_of_workload("/a//b/", Workload{.subpath = "b/"}), "/a");
  EXPECT_EQ(path_of_workload("/", Workload()), "/");
  EXPECT_EQ(path_of_workload("/b", Workload{.subpath = "x/b"}), "");
}

TEST(IsCgroupOfUnit, ComparesTheLastComponentAsSystemdWritesIt) {
  EXPECT_TRUE(is_cgroup_of_unit("/system.slice/a.service", "a.service"));
  EXPECT_TRUE(is_cgroup_of_unit("/system.slice/_cpu.a.service", "cpu.a.service"));
  for (const std::string path : {"/system.slice/a.service/x", "/system.slice/aa.service",
                                 "/system.slice/a_a.service", "a.service", ""})
    EXPECT_FALSE(is_cgroup_of_unit(path, "a.service")) << path;
  EXPECT_FALSE(is_cgroup_of_unit("/", ""));
}

TEST(ParsePath, KnowsPodsOfAKubeletInsideOfAContainer) {
  const std::string pod = "/kubepods/burstable/pod2942c55e-c9cb-428a-93f4-eaf89c1f3ce0";
  const std::string slice = "/kubepods.slice/kubepods-burstable.slice";
  for (const std::string& path :
       {"/docker/" + id + "/kubelet" + pod + '/' + id, "/docker/" + id + "/kubelet" + pod,
        "/system.slice/docker-" + id +
            ".scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-"
            "pod2942c55e_c9cb_428a_93f4_eaf89c1f3ce0.slice",
        "/lxc.payload.k8s" + pod}) {
    EXPECT_TRUE(parse_path(path).is_of_inner_kubelet) << path;
  }
  for (const std::string& path :
       {pod, pod + '/' + id, "/system.slice/kubelet" + pod, slice, pod + '/' + id + pod + '/' + id,
        std::string("/"), std::string(), std::string("/system.slice/a.service")}) {
    EXPECT_FALSE(parse_path(path).is_of_inner_kubelet) << path;
  }
}

}  // namespace
}  // namespace cgroup2::identity
