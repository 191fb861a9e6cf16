// SPDX-License-Identifier: Apache-2.0
#include "exposition/cadvisor_labels.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "identity/paths.h"

namespace cgroup2::exposition {
namespace {

using identity::Identity;
using identity::Runtime;
using identity::WorkloadKind;

const std::string pod_path =
    "/kubepods.slice/kubepods-pod2942c55e_c9cb_428a_93f4_eaf89c1f3ce0.slice";
const std::string id(64, 'a');
const std::string container_path = pod_path + "/cri-containerd-" + id + ".scope";

std::shared_ptr<const snapshot::Cgroup> make_cgroup(const std::string& path, Identity identity) {
  return snapshot::make_cgroup(path, std::make_shared<const Identity>(std::move(identity)));
}

Identity of_pod(WorkloadKind kind) {
  Identity identity;
  identity.workload.kind = kind;
  identity.workload.pod_uid = "2942c55e-c9cb-428a-93f4-eaf89c1f3ce0";
  identity.names.namespace_name = "shop";
  identity.names.pod = "web-0";
  if (kind == WorkloadKind::pod) return identity;
  identity.workload.runtime = Runtime::cri_containerd;
  identity.workload.container_id = id;
  identity.names.image = "registry/app:1";
  if (kind == WorkloadKind::container) identity.names.container = "app";
  return identity;
}

Identity of_service(const std::string& unit) {
  Identity identity;
  identity.workload.unit = unit;
  return identity;
}

std::string labels_of(const std::string& path, const Identity& identity,
                      CadvisorProfile profile = CadvisorProfile::kubelet,
                      const std::vector<std::string>& runtime = {}) {
  return make_cadvisor_labels(*make_cgroup(path, identity), profile, runtime).text;
}

std::string nameless(const std::string& path) {
  return R"(container="",id=")" + path + R"(",image="",name="",namespace="",pod="")";
}

TEST(CadvisorLabels, NameAContainerItsImageAndItsPod) {
  EXPECT_EQ(labels_of(container_path, of_pod(WorkloadKind::container)),
            R"(container="app",id=")" + container_path + R"(",image="registry/app:1",name=")" + id +
                R"(",namespace="shop",pod="web-0")");
}

TEST(CadvisorLabels, LeaveTheContainerOfASandboxAndOfAPodEmpty) {
  EXPECT_EQ(labels_of(container_path, of_pod(WorkloadKind::sandbox)),
            R"(container="",id=")" + container_path + R"(",image="registry/app:1",name=")" + id +
                R"(",namespace="shop",pod="web-0")");
  EXPECT_EQ(
      labels_of(pod_path, of_pod(WorkloadKind::pod)),
      R"(container="",id=")" + pod_path + R"(",image="",name="",namespace="shop",pod="web-0")");
}

TEST(CadvisorLabels, AreEmptyBelowAContainerSoThatSumsDoNotCountItTwice) {
  auto identity = of_pod(WorkloadKind::container);
  identity.workload.subpath = "init.scope";
  const auto path = container_path + "/init.scope";
  EXPECT_EQ(labels_of(path, identity), nameless(path));
}

TEST(CadvisorLabels, AreEmptyOfWhatRunsBesideAContainer) {
  auto identity = of_pod(WorkloadKind::container);
  identity.workload.kind = WorkloadKind::conmon;
  const auto path = pod_path + "/crio-conmon-" + id + ".scope";
  EXPECT_EQ(labels_of(path, identity), nameless(path));
}

TEST(CadvisorLabels, AreOfTheRootTheLevelsOfKubepodsAndTheServices) {
  EXPECT_EQ(labels_of("/", {}), nameless("/"));
  for (const std::string path : {"/kubepods", "/kubepods.slice", "/kubepods/burstable",
                                 "/kubepods.slice/kubepods-besteffort.slice"})
    EXPECT_EQ(labels_of(path, {}), nameless(path));
  EXPECT_EQ(labels_of("/system.slice/ssh.service", of_service("ssh.service")),
            nameless("/system.slice/ssh.service"));
}

TEST(CadvisorLabels, AreNotOfWhatAKubeletDoesNotShow) {
  EXPECT_EQ(labels_of("/system.slice", of_service("system.slice")), "");
  EXPECT_EQ(labels_of("/system.slice/ssh.service/sub", of_service("ssh.service")), "");
  EXPECT_EQ(labels_of("/xssh.service", of_service("ssh.service")), "");
  EXPECT_EQ(labels_of("/init.scope", of_service("init.scope")), "");
  Identity docker;
  docker.workload = identity::make_workload(WorkloadKind::container, Runtime::docker, id);
  docker.names.container = "db";
  EXPECT_EQ(labels_of("/system.slice/docker-" + id + ".scope", docker), "");
}

TEST(CadvisorLabels, ShowNoCgroupThatAUserMayNameAsHeLikes) {
  auto identity = of_pod(WorkloadKind::container);
  identity.user = "mallory";
  const auto path = "/user.slice/user-1000.slice/user@1000.service" + container_path;
  EXPECT_EQ(labels_of(path, identity), "");
  EXPECT_EQ(
      labels_of(path, identity, CadvisorProfile::standalone),
      R"(container="",id=")" + path + R"(",image="registry/app:1",name="app",namespace="",pod="")");
}

TEST(CadvisorLabels, HaveTheNameOfAServiceNotOfTheContainerThatItIs) {
  auto identity = of_service("systemd-nspawn@box.service");
  identity.workload.kind = WorkloadKind::container;
  identity.names.container = "box";
  const std::string path = "/machine.slice/systemd-nspawn@box.service";
  EXPECT_EQ(labels_of(path, identity), nameless(path));
}

TEST(CadvisorLabels, ShowAllCgroupsInTheStandaloneProfile) {
  EXPECT_EQ(labels_of("/init.scope", of_service("init.scope"), CadvisorProfile::standalone),
            nameless("/init.scope"));
  Identity docker;
  docker.workload = identity::make_workload(WorkloadKind::container, Runtime::docker, id);
  docker.names.container = "db";
  docker.names.image = "postgres";
  EXPECT_EQ(
      labels_of("/docker/" + id, docker, CadvisorProfile::standalone),
      R"(container="",id="/docker/)" + id + R"(",image="postgres",name="db",namespace="",pod="")");
  Identity unknown;
  unknown.workload = identity::make_workload(WorkloadKind::container, Runtime::unknown, "pidns:7");
  EXPECT_EQ(labels_of("/x", unknown, CadvisorProfile::standalone), nameless("/x"));
}

TEST(CadvisorLabels, HaveTheLabelsOfTheRuntimeInTheStandaloneProfile) {
  auto identity = of_pod(WorkloadKind::container);
  identity.names.labels = {"shop", ""};
  const std::vector<std::string> names{"label_team", "label_zone"};
  EXPECT_TRUE(labels_of(container_path, identity, CadvisorProfile::standalone, names)
                  .starts_with(R"(container="app",container_label_team="shop",id="/)"));
  EXPECT_TRUE(labels_of(container_path, identity, CadvisorProfile::kubelet, names)
                  .starts_with(R"(container="app",id="/)"));
}

TEST(CadvisorLabels, EscapeThePathAndMakeNamesSafe) {
  auto identity = of_pod(WorkloadKind::container);
  identity.names.container = "a\"\x01";
  const auto path = pod_path + "/a\\x2db";
  EXPECT_EQ(labels_of(path, identity).substr(0, 22), R"(container="a\"%01",id=)");
  EXPECT_NE(labels_of(path, identity).find(R"(/a\\x2db",image)"), std::string::npos);
}

TEST(CadvisorLabels, SayWhereFurtherLabelsGo) {
  const auto labels = make_cadvisor_labels(*make_cgroup("/", {}), CadvisorProfile::kubelet, {});
  EXPECT_EQ(labels.text.substr(labels.cuts[0], 4), ",id=");
  EXPECT_EQ(labels.text.substr(labels.cuts[1], 6), ",name=");
  EXPECT_EQ(labels.text.substr(labels.cuts[2], 5), ",pod=");
}

TEST(CadvisorProfile, IsFoundByName) {
  EXPECT_EQ(find_cadvisor_profile("kubelet"), CadvisorProfile::kubelet);
  EXPECT_EQ(find_cadvisor_profile("standalone"), CadvisorProfile::standalone);
  EXPECT_EQ(find_cadvisor_profile(""), std::nullopt);
}

std::uint64_t kills_of(const std::string& path, const Identity& identity,
                       const oom::LedgerContent& ledger) {
  return count_kills(*make_cgroup(path, identity), ledger);
}

TEST(CadvisorKills, AreThoseOfTheContainerInOneOfItsRows) {
  const oom::LedgerContent ledger{
      .owners = {{{.namespace_name = "shop", .pod = "web-0", .container = "app"}, {.kills = 3}},
                 {{.namespace_name = "shop", .pod = "web-0"}, {.kills = 2}}}};
  auto identity = of_pod(WorkloadKind::container);
  EXPECT_EQ(kills_of(container_path, identity, ledger), 3U);
  identity.workload.subpath = "init.scope";
  EXPECT_EQ(kills_of(container_path + "/init.scope", identity, ledger), 0U);
  identity.workload.subpath.clear();
  identity.workload.kind = WorkloadKind::conmon;
  EXPECT_EQ(kills_of(pod_path + "/conmon", identity, ledger), 0U);
  EXPECT_EQ(kills_of(pod_path, of_pod(WorkloadKind::pod), ledger), 2U) << "those in no container";
  EXPECT_EQ(kills_of(container_path, of_pod(WorkloadKind::sandbox), ledger), 0U);
}

TEST(CadvisorKills, AreThoseOfAUnitInTheRowOfItsCgroup) {
  const oom::LedgerContent ledger{
      .owners = {{{.unit = "a.service"}, {.kills = 4}}, {{.cgroup = "/plain"}, {.kills = 5}}}};
  EXPECT_EQ(kills_of("/system.slice/a.service", of_service("a.service"), ledger), 4U);
  EXPECT_EQ(kills_of("/system.slice/a.service/b", of_service("a.service"), ledger), 0U);
  EXPECT_EQ(kills_of("/plain", {}, ledger), 5U);
  EXPECT_EQ(kills_of("/other", {}, ledger), 0U);
}

TEST(CadvisorKills, AreThoseOfAJobOrANamelessContainerInTheRowOfItsCgroup) {
  const std::string job = "/system.slice/slurmstepd.scope/job_7";
  const std::string container = "/system.slice/garden.service/garden/h";
  const oom::LedgerContent ledger{
      .owners = {{{.job = "7"}, {.kills = 4}}, {{.cgroup = container}, {.kills = 5}}}};
  const auto at = [&](const std::string& path) {
    Identity identity;
    identity.workload = identity::parse_path(path);
    return kills_of(path, identity, ledger);
  };
  EXPECT_EQ(at(job), 4U);
  EXPECT_EQ(at(job + "/step_0"), 0U);
  EXPECT_EQ(at(container), 5U);
  EXPECT_EQ(at(container + "/init"), 0U);
}

TEST(CadvisorKills, HaveThoseThatNobodyIsChargedForAtTheCgroupAboveThem) {
  const oom::LedgerContent ledger{
      .owners = {{{.namespace_name = "shop", .pod = "web-0"}, {.kills = 2}}},
      .unattributed = {{pod_path, 3}, {"/", 7}}};
  EXPECT_EQ(kills_of(pod_path, of_pod(WorkloadKind::pod), ledger), 5U);
  EXPECT_EQ(kills_of("/", {}, ledger), 7U);
}

}  // namespace
}  // namespace cgroup2::exposition
