// SPDX-License-Identifier: Apache-2.0
#include "identity/leaf.h"

#include <gtest/gtest.h>

#include <string>

namespace cgroup2::identity {
namespace {

const std::string id = std::string(63, 'a') + '0';

// "kind runtime", or "-".
std::string match(const std::string& name, const std::string& parent = "") {
  const auto leaf = match_leaf(name, parent);
  if (!leaf) return "-";
  EXPECT_EQ(leaf->container_id, id) << name;
  return std::string(to_string(leaf->kind)) + ' ' + std::string(to_string(leaf->runtime));
}

TEST(Leaf, NeedsAnIdOf64HexDigitsInLowerCase) {
  const std::string names[] = {"",
                               ".scope",
                               "docker-.scope",
                               "docker-" + id.substr(1) + ".scope",
                               "docker-" + id.substr(1) + "g.scope",
                               "docker-" + std::string(64, 'A') + ".scope",
                               "docker-" + id + "x",
                               "docker-" + id + ".slice",
                               id.substr(1),
                               id.substr(1) + "-"};
  for (const auto& name : names) {
    EXPECT_EQ(match(name), "-") << name;
  }
}

TEST(Leaf, NeedsAPrefixOfARuntime) {
  for (const std::string word :
       {"a", "Docker", "docker_", "dockerd", "kata", "cri", "-", "libpod-x", "docker:", " docker"})
    EXPECT_EQ(match(word + '-' + id + ".scope"), "-") << word;
  for (const std::string name : {"-", "_", "a", "docker", "docker_", "docker."})
    EXPECT_EQ(match(name + id), "-") << name;
}

TEST(Leaf, HasThePrefixesOfEachRuntime) {
  const struct {
    std::string word, expected;
  } rows[] = {
      {"cri-containerd", "container cri-containerd"},
      {"containerd", "container containerd"},
      {"crio", "container crio"},
      {"crio-conmon", "conmon crio"},
      {"docker", "container docker"},
      {"libpod", "container libpod"},
      {"libpod-conmon", "conmon libpod"},
      {"libpod-payload", "container libpod"},
      {"nerdctl", "container nerdctl"},
      {"runtime-rs", "kata-overhead "},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(match(row.word + '-' + id + ".scope", "x.slice"), row.expected);
    EXPECT_EQ(match(row.word + '-' + id), row.expected);
    EXPECT_EQ(match("a.slice:" + row.word + ':' + id), row.expected);
  }
}

TEST(Leaf, IsTheArgumentOfTheSystemdDriverOnlyWithTwoColonsAndAsNoScope) {
  EXPECT_EQ(match("a.slice:docker:" + id), "container docker");
  EXPECT_EQ(match("a:b:docker:" + id), "container docker");
  EXPECT_EQ(match(":docker:" + id), "container docker");
  EXPECT_EQ(match("docker:" + id), "-");
  EXPECT_EQ(match("a.slice:docker:" + id + ".scope"), "-");
  EXPECT_EQ(match("a.slice:docker-" + id), "-");
  EXPECT_EQ(match("a.slice::" + id), "-");
}

TEST(Leaf, WithoutAPrefixHasTheRuntimeOfItsParent) {
  EXPECT_EQ(match(id), "container unknown");
  EXPECT_EQ(match(id + ".scope"), "container unknown");
  EXPECT_EQ(match(id, "docker"), "container docker");
  EXPECT_EQ(match(id, "kata_sandboxed_pod"), "kata-sandbox ");
  EXPECT_EQ(match(id, "dockerx"), "container unknown");
  EXPECT_EQ(match("crio-" + id, "docker"), "container crio") << "its own prefix decides";
}

TEST(Leaf, OfKataIsASandboxUnlessItIsAUnit) {
  EXPECT_EQ(match("kata_" + id), "kata-sandbox ");
  EXPECT_EQ(match("kata_" + id + ".scope"), "-");
  EXPECT_EQ(match("kata-" + id), "-");
}

// CRI-O without pause containers makes an empty cgroup for each pod.
TEST(Leaf, OfCriOInASliceIsAPlaceholderUnlessItIsAUnit) {
  EXPECT_EQ(match("crio-" + id, "kubepods-pod1.slice"), "crio-sandbox-placeholder crio");
  EXPECT_EQ(match("crio-" + id + ".scope", "kubepods-pod1.slice"), "container crio");
  EXPECT_EQ(match("crio-" + id, "pod1"), "container crio");
  EXPECT_EQ(match("a.slice:crio:" + id, "kubepods-pod1.slice"), "container crio");
  EXPECT_EQ(match("crio-conmon-" + id, "kubepods-pod1.slice"), "conmon crio");
  EXPECT_EQ(match("docker-" + id, "kubepods-pod1.slice"), "container docker");
}

}  // namespace
}  // namespace cgroup2::identity
