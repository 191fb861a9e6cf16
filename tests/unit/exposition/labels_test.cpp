// SPDX-License-Identifier: Apache-2.0
#include "exposition/labels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace cgroup2::exposition {
namespace {

std::shared_ptr<identity::Identity> identity_of(identity::WorkloadKind kind,
                                                const std::string& id) {
  auto identity = std::make_shared<identity::Identity>();
  identity->workload.kind = kind;
  identity->workload.container_id = id;
  identity->source = identity::IdentitySource::path;
  return identity;
}

CgroupLabels labels_at(std::string_view path, std::shared_ptr<const identity::Identity> identity,
                       const LabelPlan& plan = {}) {
  return make_labels(*snapshot::make_cgroup(path, std::move(identity)), plan);
}

TEST(Labels, LeaveOutWhatIsEmpty) {
  const auto labels = labels_at("/", std::make_shared<identity::Identity>());
  EXPECT_EQ(labels.on_series, R"(cgroup="/")");
  EXPECT_EQ(labels.on_info, R"(,kind="other",name_source="none")");
  EXPECT_EQ(labels.on_namespaces, "");
}

TEST(Labels, EscapeThePath) {
  const auto labels = labels_at("/a\"b\\x2d\xff\n", std::make_shared<identity::Identity>());
  EXPECT_EQ(labels.on_series, "cgroup=\"/a\\\"b\\\\x2d%FF%0A\"");
}

TEST(Labels, PutTheNameOfAContainerOnItsSeriesAndItsIdOnInfo) {
  auto identity = identity_of(identity::WorkloadKind::container, "abc");
  identity->names.container = "app";
  identity->workload.runtime = identity::Runtime::crio;
  identity->workload.pod_uid = "u-1";
  identity->workload.qos = "burstable";
  const auto labels = labels_at("/x", identity);
  EXPECT_EQ(labels.on_series, R"(cgroup="/x",container="app")");
  EXPECT_EQ(labels.on_info, R"(,container_id="abc",kind="container",runtime="crio",pod_uid="u-1")"
                            R"(,qos="burstable",name_source="path")");
}

TEST(Labels, SayWhichJobItIsOnlyOfAJob) {
  const auto job = identity_of(identity::WorkloadKind::job, "42");
  EXPECT_EQ(labels_at("/x", job).on_series, R"(cgroup="/x")");
  EXPECT_EQ(labels_at("/x", job).on_info,
            R"(,container_id="42",job="42",kind="job",name_source="path")");
}

TEST(Labels, TellANestedContainer) {
  auto identity = identity_of(identity::WorkloadKind::container, "a");
  identity->workload.subpath = "docker/b";
  identity->workload.nested_container_id = "b";
  identity->workload.nested_runtime = identity::Runtime::docker;
  identity->nested_name = "job";
  EXPECT_EQ(labels_at("/x", identity).on_info,
            R"(,container_id="a",kind="container",subpath="docker/b",nested_container_id="b")"
            R"(,nested_runtime="docker",nested_container="job",name_source="path")");
}

TEST(Labels, KeepTheContainerIdOfAMonitorOffItsSeries) {
  LabelPlan plan;
  plan.on_series.set(index(catalog::IdentityLabel::container_id));
  const auto labels = labels_at("/x", identity_of(identity::WorkloadKind::conmon, "abc"), plan);
  EXPECT_EQ(labels.on_series, R"(cgroup="/x")");
  EXPECT_EQ(labels.on_info, R"(,container_id="abc",kind="conmon",name_source="path")");
}

TEST(Labels, ShowTheNamespacesThatTheKernelHas) {
  auto identity = identity_of(identity::WorkloadKind::other, "");
  identity->namespaces.emplace();
  (*identity->namespaces)[identity::Namespace::pid] = 4026531836;
  (*identity->namespaces)[identity::Namespace::cgroup] = 4026531835;
  EXPECT_EQ(labels_at("/x", identity).on_namespaces, R"(,pid="4026531836",cgroup_ns="4026531835")");
}

// An identity that has a value for every label.
std::shared_ptr<identity::Identity> make_full_identity() {
  auto identity = identity_of(identity::WorkloadKind::container, "id");
  identity->workload = {identity::WorkloadKind::container,
                        "qos",
                        "uid",
                        identity::Runtime::nomad,
                        "id",
                        "sub",
                        "unit",
                        "user_unit"};
  identity->names = {.namespace_name = "ns",
                     .pod = "pod",
                     .container = "container",
                     .image = "image",
                     .machine = "machine",
                     .labels = {"1", "2", "3"}};
  identity->user = "user";
  identity->namespaces.emplace();
  for (std::size_t i = 0; i < identity::namespace_count; ++i)
    (*identity->namespaces)[static_cast<identity::Namespace>(i)] = 1;
  return identity;
}

std::vector<std::string> names_in(const std::string& block) {
  std::vector<std::string> names;
  for (std::size_t at = 0, end = 0; (end = block.find("=\"", at)) != std::string::npos;) {
    names.push_back(block.substr(at, end - at));
    std::erase(names.back(), ',');
    at = block.find('"', end + 2) + 1;
  }
  return names;
}

TEST(Labels, GoWhereThePlanPutsThem) {
  LabelPlan plan;
  plan.on_series.reset();
  plan.on_series.set(index(catalog::IdentityLabel::pod));
  plan.on_series.set(index(catalog::IdentityLabel::unit));
  plan.runtime = {"label_a", "label_b"};
  const auto labels = labels_at("/x", make_full_identity(), plan);
  EXPECT_EQ(labels.on_series, R"(cgroup="/x",pod="pod",unit="unit")");
  EXPECT_EQ(
      labels.on_info,
      R"(,container_id="id",namespace="ns",container="container",user="user",kind="container")"
      R"(,runtime="nomad",pod_uid="uid",qos="qos",image="image",machine="machine")"
      R"(,user_unit="user_unit",subpath="sub",name_source="path",label_a="1",label_b="2")");
}

TEST(Labels, NeverHaveTheSameNameTwice) {
  for (const bool is_all_on_series : {false, true}) {
    LabelPlan plan;
    if (is_all_on_series) plan.on_series.set();
    plan.runtime = runtime_label_names({"a.b", "a-b", "cgroup"});
    const auto labels = labels_at("/x", make_full_identity(), plan);
    for (const auto& more : {labels.on_info, labels.on_namespaces}) {
      const auto names = names_in(labels.on_series + more);
      EXPECT_EQ(std::set(names.begin(), names.end()).size(), names.size())
          << labels.on_series << more;
      EXPECT_GE(names.size(), 10u);
    }
  }
}

TEST(Labels, HoldAnyBytesOfAName) {
  auto identity = identity_of(identity::WorkloadKind::container, "abc");
  identity->names.container = std::string("a\0\n\"\xff}", 6);
  EXPECT_EQ(labels_at("/x", identity).on_series, "cgroup=\"/x\",container=\"a%00%0A\\\"%FF}\"");
}

TEST(OwnerLabels, AreThoseThatItHas) {
  EXPECT_EQ(labels_of({}), "");
  EXPECT_EQ(labels_of({.unit = "a\"b"}), R"(unit="a\"b")");
  EXPECT_EQ(labels_of({"ns", "pod", "app", "eve", "7", "u", "/c"}),
            R"(namespace="ns",pod="pod",container="app",user="eve",job="7",unit="u",cgroup="/c")");
}

TEST(RuntimeLabels, AreCalledAsKubeStateMetricsCallsThem) {
  const struct {
    std::vector<std::string> keys, names;
  } rows[] = {
      {{}, {}},
      {{"app.kubernetes.io/name", "Team"}, {"label_app_kubernetes_io_name", "label_Team"}},
      {{"1", "%{}\"\\"}, {"label_1", "label______"}},
      {{"a_b", "a.b", "a-b"}, {"label_a_b_3", "label_a_b_2", "label_a_b"}},
      {{"a-b", "a.b", "a_b"}, {"label_a_b", "label_a_b_2", "label_a_b_3"}},
      {{"a.b", "a-b", "a_b_2"}, {"label_a_b_2", "label_a_b", "label_a_b_2_2"}},
      {{"a-b", "a-b-2", "a.b"}, {"label_a_b", "label_a_b_2", "label_a_b_3"}},
  };
  for (const auto& row : rows)
    EXPECT_EQ(runtime_label_names(row.keys), row.names) << testing::PrintToString(row.keys);
}

TEST(RuntimeLabels, HaveNamesOfTheirOwnInAnyOrder) {
  std::vector<std::string> keys{"a", "a-2", "a.2", "a_2", "a_2_2", "a-2-2", "a.2_2"};
  const auto expected = runtime_label_names(keys);
  EXPECT_EQ(std::set(expected.begin(), expected.end()).size(), keys.size());
  std::ranges::sort(keys);
  do {
    const auto names = runtime_label_names(keys);
    EXPECT_EQ(std::set(names.begin(), names.end()), std::set(expected.begin(), expected.end()));
    EXPECT_EQ(names[0] == "label_a", keys[0] == "a");
  } while (std::ranges::next_permutation(keys).found);
}

}  // namespace
}  // namespace cgroup2::exposition
