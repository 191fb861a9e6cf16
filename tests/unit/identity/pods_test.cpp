// SPDX-License-Identifier: Apache-2.0
#include "identity/pods.h"

#include <gtest/gtest.h>

#include <string>

#include "unit/identity/host_root.h"

namespace cgroup2::identity {
namespace {

const Names web{.namespace_name = "shop", .pod = "web", .container = "nginx", .image = "i"};
const Names db{.namespace_name = "shop", .pod = "db"};

Workload workload_of(const std::string& uid, const std::string& container_id = "") {
  Workload owner;
  owner.pod_uid = uid;
  owner.container_id = container_id;
  return owner;
}

std::string find(const Pods& pods, const std::string& uid, std::uint64_t network,
                 const Names& names = {}) {
  const Names* pod = pods.find(workload_of(uid), names, network);
  return pod == nullptr ? "nobody" : describe(*pod);
}

TEST(Pods, AreFoundByUidAndByNetwork) {
  Pods pods;
  pods.add(workload_of("u"), web, 7);
  EXPECT_EQ(find(pods, "u", 0), " namespace=shop pod=web uid=u");
  EXPECT_EQ(find(pods, "u", 8), " namespace=shop pod=web uid=u") << "the uid decides";
  EXPECT_EQ(find(pods, "", 7), " namespace=shop pod=web uid=u");
  EXPECT_EQ(find(pods, "", 8), "nobody");
  EXPECT_EQ(find(pods, "", 0), "nobody");
  EXPECT_EQ(find(pods, "v", 7), "nobody") << "it has a pod of its own";
}

TEST(Pods, GetTheirNameFromAnyOfTheirCgroups) {
  Pods pods;
  pods.add(workload_of("u"), {}, 7);
  EXPECT_EQ(find(pods, "", 7), " uid=u");
  EXPECT_EQ(find(pods, "u", 0), "nobody");
  pods.add(workload_of("u"), web, 0);
  EXPECT_EQ(find(pods, "", 7), " namespace=shop pod=web uid=u");
  EXPECT_EQ(find(pods, "u", 0), " namespace=shop pod=web uid=u");
}

TEST(Pods, TakeTheUidOfTheFilesWhereThePathHasNone) {
  Pods pods;
  pods.add(workload_of(""), {.pod = "web", .pod_uid = "u"}, 7);
  EXPECT_EQ(find(pods, "u", 0), " pod=web uid=u");
  pods.add(workload_of("v"), {.pod = "db", .pod_uid = "u"}, 8);
  EXPECT_EQ(find(pods, "v", 0), " pod=db uid=v") << "the path's own uid decides";
}

TEST(Pods, AreFoundByTheirSandbox) {
  const Names sandbox{.pod = "web", .is_sandbox = true};
  Pods pods;
  pods.add(workload_of("", "s"), sandbox, 7);
  pods.add(workload_of("", "t"), {.pod = "web"}, 0);
  EXPECT_EQ(find(pods, "", 0, {.sandbox_id = "s"}), " pod=web");
  EXPECT_EQ(find(pods, "", 7, {.sandbox_id = "x"}), " pod=web") << "by the network then";
  EXPECT_EQ(find(pods, "u", 7, {.sandbox_id = "s"}), "nobody") << "the uid decides";
  EXPECT_EQ(find(pods, "", 0, {.sandbox_id = "t"}), "nobody") << "no sandbox";
  pods.add(workload_of("u", "k"), sandbox, 0);
  EXPECT_EQ(find(pods, "", 0, {.sandbox_id = "k"}), "nobody") << "one of Kubernetes";
  EXPECT_EQ(find(pods, "", 0), "nobody");
}

TEST(Pods, AreNothingWithoutAName) {
  Pods pods;
  pods.add(workload_of(""), {.namespace_name = "shop", .container = "x"}, 7);
  EXPECT_EQ(find(pods, "", 7), "nobody");
  EXPECT_EQ(find(pods, "", 0), "nobody");
}

TEST(Pods, DoNotShareANetwork) {
  const struct {
    const char* uid;
    Names names;
  } claims[] = {
      {"u", web}, {"v", db}, {"", {.pod = "web"}}, {"", {.namespace_name = "x", .pod = "web"}},
      {"w", {}},
  };
  for (const auto& first : claims) {
    for (const auto& second : claims) {
      if (&first == &second) continue;
      if (std::string(first.uid).empty() && std::string(second.uid).empty()) continue;
      for (const auto& third : claims) {
        Pods pods;
        pods.add(workload_of(first.uid), first.names, 7);
        pods.add(workload_of(second.uid), second.names, 7);
        pods.add(workload_of(third.uid), third.names, 7);
        EXPECT_EQ(find(pods, "", 7), "nobody")
            << first.uid << describe(first.names) << ',' << second.uid << describe(second.names)
            << ',' << third.uid << describe(third.names);
      }
    }
  }
}

TEST(Pods, OfTwoNamespacesAreTwo) {
  Pods pods;
  pods.add(workload_of(""), {.namespace_name = "a", .pod = "web"}, 7);
  pods.add(workload_of(""), {.namespace_name = "b", .pod = "web"}, 7);
  EXPECT_EQ(find(pods, "", 7), "nobody");
}

}  // namespace
}  // namespace cgroup2::identity
