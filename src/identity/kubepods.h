// SPDX-License-Identifier: Apache-2.0
// Kubepods: the cgroups that a kubelet makes, in the shapes of its systemd and its cgroupfs driver.
#pragma once

#include <optional>
#include <string_view>

#include "identity/paths.h"

namespace cgroup2::identity {

/// Parses a path in which a kubelet named a pod: the leftmost pod decides, whatever container ids
/// are to its left (the kubelet itself may run in a container), then the first container below it.
/// Without a pod: Kind::qos if the path ends in a QoS level, Kind::other for what else is at or
/// below "kubepods", nothing if the path has no part in Kubernetes.
[[nodiscard]] std::optional<PathIdentity> parse_kubepods(std::string_view path);

}  // namespace cgroup2::identity
