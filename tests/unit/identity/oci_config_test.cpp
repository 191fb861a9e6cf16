// SPDX-License-Identifier: Apache-2.0
#include "identity/oci_config.h"

#include <gtest/gtest.h>

#include <string>

#include "unit/identity/host_root.h"

namespace cgroup2::identity {
namespace {

using namespace test;

const Annotations annotations({"app", "team"});

std::string parse(const std::string& text) {
  Names names;
  const LookupResult result = parse_oci_config(text, annotations, names);
  return std::string(to_string(result)) + describe(names);
}

std::string parse_annotations(const std::string& text) {
  return parse(R"({"ociVersion":"1.1.0","process":{"args":["sleep"],"env":["app=no"]},)"
               R"("annotations":{)" +
               text + R"(},"linux":{"namespaces":[{"type":"pid"}]}})");
}

TEST(OciConfig, HasTheAnnotationsOfEachRuntime) {
  const struct {
    const char *text, *expected;
  } rows[] = {
      {R"("io.kubernetes.cri.container-type":"container","io.kubernetes.cri.sandbox-name":"web",
          "io.kubernetes.cri.sandbox-namespace":"shop","io.kubernetes.cri.sandbox-uid":"u",
          "io.kubernetes.cri.container-name":"nginx","io.kubernetes.cri.image-name":"nginx:1")",
       "found namespace=shop pod=web uid=u container=nginx image=nginx:1"},
      {R"("io.kubernetes.cri.container-type":"sandbox","io.kubernetes.cri.sandbox-name":"web",
          "io.kubernetes.cri.podsandbox.image-name":"pause:3")",
       "found pod=web image=pause:3 sandbox"},
      {R"("io.kubernetes.cri-o.ContainerType":"container","io.kubernetes.cri-o.KubeName":"web",
          "io.kubernetes.cri-o.Namespace":"shop","io.kubernetes.cri-o.Image":"nginx:1",
          "io.kubernetes.cri-o.ImageName":"nginx:2",
          "io.kubernetes.cri-o.Labels":
            "{\"io.kubernetes.container.name\":\"nginx\",\"io.kubernetes.pod.uid\":\"u\",\"app\":\"x\"}")",
       "found namespace=shop pod=web uid=u container=nginx image=nginx:1 [x] []"},
      {R"("io.kubernetes.cri-o.ContainerType":"sandbox")", "found sandbox"},
      {R"("nerdctl/name":"web")", "found container=web"},
      {R"("team":"red","app":"shop")", "found [shop] [red]"},
      {R"("io.container.manager":"libpod")", "absent"},
      {"", "absent"},
  };
  for (const auto& row : rows) EXPECT_EQ(parse_annotations(row.text), row.expected) << row.text;
}

TEST(OciConfig, LetsTheFirstOfSeveralAnnotationsDecide) {
  EXPECT_EQ(parse_annotations(R"("app":"1","app":"2","nerdctl/name":"a","nerdctl/name":"b")"),
            "found container=a [1] []");
}

TEST(OciConfig, KnowsAnnotationsWhereTheyBelongOnly) {
  for (const char* text :
       {R"({"app":"x","nerdctl/name":"x"})", R"({"annotations":"nerdctl/name"})",
        R"({"annotations":["x"]})", R"({"annotations":{"nerdctl/name":{"x":"y"}}})",
        R"({"annotations":{"nerdctl/name":1,"app":null,"team":["x"]}})",
        R"({"process":{"annotations":{"app":"x"}}})", R"([{"annotations":{"app":"x"}}])",
        R"({"annotations":{"io.kubernetes.cri-o.Labels":5}})", R"("app")", "1", "{}"}) {
    EXPECT_EQ(parse(text), "absent") << text;
  }
}

TEST(OciConfig, FailsIfItIsCutOrNoText) {
  for (const char* text : {"", "{", R"({"annotations":{"nerdctl/name":"x"})", "\xff",
                           "{\"annotations\":{\"x\":\"\xff\"}}"}) {
    EXPECT_EQ(parse(text), "failed") << text;
  }
}

TEST(OciConfig, KeepsAnyBytesOfAName) {
  EXPECT_EQ(parse_annotations(R"("nerdctl/name":"a\u0000b\nc\u007f")"),
            std::string("found container=a\0b\nc\x7f", 22));
}

}  // namespace
}  // namespace cgroup2::identity
