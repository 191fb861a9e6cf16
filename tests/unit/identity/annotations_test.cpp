// SPDX-License-Identifier: Apache-2.0
// What a key means. Whole configurations of runtimes are in oci_config_test.cpp.
#include "identity/annotations.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "unit/identity/host_root.h"

namespace cgroup2::identity {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

const std::string of_crio = "io.kubernetes.cri-o.Labels";

// "known" in front if a key was known to mean something.
std::string take(const Pairs& pairs) {
  const Annotations annotations({"app", "team"});
  Names names;
  bool is_known = false;
  for (const auto& [key, value] : pairs) is_known = annotations.take(key, value, names) || is_known;
  return (is_known ? "known" : "") + describe(names);
}

TEST(Annotations, KnowNothingOfOtherKeys) {
  for (const char* key : {"", "App", "app2", "io.kubernetes.pod", "io.kubernetes.pod.name2",
                          "io.kubernetes.cri", "IO.KUBERNETES.POD.NAME", "io.container.manager"})
    EXPECT_EQ(take({{key, "x"}}), "") << key;
}

TEST(Annotations, MeanANameByTheirKey) {
  const struct {
    const char *key, *expected;
  } rows[] = {
      {"io.kubernetes.cri.sandbox-namespace", " namespace=x"},
      {"io.kubernetes.cri.sandbox-name", " pod=x"},
      {"io.kubernetes.cri.sandbox-uid", " uid=x"},
      {"io.kubernetes.cri.sandbox-id", " sandbox_id=x"},
      {"io.kubernetes.cri.container-name", " container=x"},
      {"io.kubernetes.cri.image-name", " image=x"},
      {"io.kubernetes.cri.podsandbox.image-name", " image=x"},
      {"io.kubernetes.pod.namespace", " namespace=x"},
      {"io.kubernetes.pod.name", " pod=x"},
      {"io.kubernetes.pod.uid", " uid=x"},
      {"io.kubernetes.container.name", " container=x"},
      {"io.kubernetes.sandbox.id", " sandbox_id=x"},
      {"io.kubernetes.cri-o.SandboxID", " sandbox_id=x"},
      {"io.kubernetes.cri-o.Namespace", " namespace=x"},
      {"io.kubernetes.cri-o.KubeName", " pod=x"},
      {"io.kubernetes.cri-o.Image", " image=x"},
      {"io.kubernetes.cri-o.ImageName", " image=x"},
      {"nerdctl/name", " container=x"},
      {"app", " [x] []"},
      {"team", " [] [x]"},
  };
  for (const auto& row : rows)
    EXPECT_EQ(take({{row.key, "x"}}), std::string("known") + row.expected) << row.key;
}

TEST(Annotations, TellASandbox) {
  const std::string of_containerd = "io.kubernetes.cri.container-type";
  EXPECT_EQ(take({{of_containerd, "sandbox"}}), "known sandbox");
  EXPECT_EQ(take({{"io.kubernetes.cri-o.ContainerType", "sandbox"}}), "known sandbox");
  EXPECT_EQ(take({{"io.kubernetes.docker.type", "podsandbox"}}), "known sandbox");
  for (const char* value : {"container", "", "Sandbox", "podsandbox"})
    EXPECT_EQ(take({{of_containerd, value}}), "known") << value;
  EXPECT_EQ(take({{of_containerd, "sandbox"}, {of_containerd, "container"}}), "known sandbox");
}

TEST(Annotations, LetTheFirstOfSeveralDecide) {
  EXPECT_EQ(take({{"app", "1"}, {"app", "2"}}), "known [1] []");
  EXPECT_EQ(take({{"nerdctl/name", "a"}, {"io.kubernetes.container.name", "b"}}),
            "known container=a");
  EXPECT_EQ(take({{"nerdctl/name", ""}, {"nerdctl/name", "b"}}), "known container=b")
      << "an empty one counts as missing";
}

TEST(Annotations, MayBeWantedAndMeanANameToo) {
  const Annotations annotations({"x", "nerdctl/name"});
  Names names;
  EXPECT_TRUE(annotations.take("nerdctl/name", "web", names));
  EXPECT_EQ(describe(names), " container=web [] [web]");
}

TEST(Annotations, OfAnImageMeanNoNames) {
  const Annotations annotations({"app", "io.kubernetes.pod.name"});
  const std::string id(64, 'a');
  const std::string of_image = " sandbox_id=s [shop] [web]";
  const std::string of_runtime = " pod=web container=c sandbox_id=s sandbox [shop] [web]";
  const struct {
    Runtime runtime;
    std::string id, pod_uid, expected;
  } rows[] = {
      {Runtime::docker, id, "", of_image},
      {Runtime::libpod, id, "", of_image},
      {Runtime::unknown, id, "", of_image},
      {Runtime::crun, id, "", of_image},
      {Runtime::buildah, "buildah-buildah1", "", of_image},
      {Runtime::docker, id, "u", of_runtime},
      {Runtime::unknown, id, "u", of_runtime},
      {Runtime::crio, id, "", of_runtime},
      {Runtime::none, id, "", of_runtime},
      {Runtime::runc, "web", "", of_runtime},
      {Runtime::containerd, "etcd", "", of_runtime},
  };
  for (const auto& row : rows) {
    Workload workload = make_workload(WorkloadKind::container, row.runtime, row.id);
    workload.pod_uid = row.pod_uid;
    const Annotations counting = annotations.of(workload);
    Names names;
    for (const auto& [key, value] : Pairs{{"app", "shop"},
                                          {"io.kubernetes.pod.name", "web"},
                                          {"nerdctl/name", "c"},
                                          {"io.kubernetes.docker.type", "podsandbox"},
                                          {"io.kubernetes.cri-o.SandboxID", "s"},
                                          {of_crio, R"({"io.kubernetes.pod.name":"other"})"}})
      (void)counting.take(key, value, names);
    EXPECT_EQ(describe(names), row.expected) << to_string(row.runtime) << ' ' << row.pod_uid;
  }
}

TEST(Annotations, AreNotKeptUnlessTheyAreWanted) {
  const Annotations annotations({});
  Names names;
  EXPECT_FALSE(annotations.take("app", "shop", names));
  EXPECT_EQ(names, Names{});
}

TEST(Annotations, TakeTheLabelsThatCriOKeepsInOne) {
  EXPECT_EQ(
      take({{of_crio, R"({"io.kubernetes.container.name":"nginx","io.kubernetes.pod.uid":"u",)"
                      R"("app":"shop","other":"x"})"}}),
      "known uid=u container=nginx [shop] []");
  EXPECT_EQ(take({{"io.kubernetes.container.name", "a"},
                  {of_crio, R"({"io.kubernetes.container.name":"b"})"}}),
            "known container=a");
}

TEST(Annotations, BearLabelsOfCriOThatAreNoLabels) {
  for (const char* value :
       {"", "{", "5", "null", R"(["app"])", R"("app")", R"({"x":"y"})", R"({"app":5})",
        R"({"app":{"app":"x"}})", R"({"app":["x"]})", R"([{"app":"x"}])", "{\"app\":\"\xff\"}"})
    EXPECT_EQ(take({{of_crio, value}}), "") << value;
  EXPECT_EQ(take({{of_crio, R"({"app":"shop)"}}), "") << "cut";
  EXPECT_EQ(take({{of_crio, R"({"io.kubernetes.cri-o.Labels":"{\"app\":\"x\"}"})"}}), "")
      << "labels of labels are not read";
}

}  // namespace
}  // namespace cgroup2::identity
