// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "identity/components.h"
#include "identity/workload.h"

namespace cgroup2::identity {
namespace {

const std::string id(64, 'a');

// The kind, or "-".
std::string match(const PathComponent& component) {
  const auto owner = match_libpod(component);
  if (!owner) return "-";
  EXPECT_EQ(owner->runtime, Runtime::libpod);
  EXPECT_EQ(owner->container_id, "") << "a pod's id is no container's";
  EXPECT_EQ(owner->pod_uid, "");
  EXPECT_EQ(owner->subpath, "");
  return std::string(to_string(owner->kind));
}

TEST(Podman, NamesNoOtherSlices) {
  const std::string names[] = {".slice",
                               "libpod_pod_.slice",
                               "libpod_pod_" + id,
                               "libpod_pod_" + id + ".scope",
                               "libpod_pod_" + id.substr(1) + ".slice",
                               "libpod_pod_" + id + "a.slice",
                               "libpod_pod_" + std::string(64, 'A') + ".slice",
                               "libpod_pod" + id + ".slice",
                               "xlibpod_pod_" + id + ".slice",
                               id + ".slice",
                               "machine-libpod-" + id + ".slice"};
  for (const auto& name : names) {
    EXPECT_EQ(match({.name = name}), "-") << name;
  }
}

TEST(Podman, NamesAPodInASlice) {
  EXPECT_EQ(match({.name = "libpod_pod_" + id + ".slice"}), "pod");
  EXPECT_EQ(match({.name = "machine-libpod_pod_" + id + ".slice", .parent = "machine.slice"}),
            "pod");
  EXPECT_EQ(match({.name = "user-libpod_pod_" + id + ".slice", .parent = "user.slice"}), "pod");
}

TEST(Podman, NamesAPodBelowItsOwnDirectory) {
  EXPECT_EQ(match({.name = id, .parent = "libpod_parent"}), "pod");
  EXPECT_EQ(match({.name = id}), "-");
  EXPECT_EQ(match({.name = id, .parent = "libpod_parent2"}), "-");
  EXPECT_EQ(match({.name = id, .parent = "x", .grandparent = "libpod_parent"}), "-");
  EXPECT_EQ(match({.name = id.substr(1), .parent = "libpod_parent"}), "-");
  EXPECT_EQ(match({.name = "libpod-" + id, .parent = "libpod_parent"}), "-") << "a container";
}

TEST(Podman, NamesTheDirectoryOfItsMonitors) {
  EXPECT_EQ(match({.name = "conmon", .parent = "libpod_parent"}), "conmon");
  EXPECT_EQ(match({.name = "conmon", .parent = id, .grandparent = "libpod_parent"}), "conmon");
  EXPECT_EQ(match({.name = "conmon"}), "-");
  EXPECT_EQ(match({.name = "conmon", .parent = id}), "-");
  EXPECT_EQ(match({.name = "conmon", .parent = "x", .grandparent = "libpod_parent"}), "-");
  EXPECT_EQ(match({.name = "conmons", .parent = "libpod_parent"}), "-");
}

}  // namespace
}  // namespace cgroup2::identity
