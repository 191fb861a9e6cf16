// SPDX-License-Identifier: Apache-2.0
// Kubepods: parses the cgroups that a kubelet makes, with its systemd and its cgroupfs driver.
#pragma once

#include <optional>
#include <string_view>

#include "identity/workload.h"

namespace cgroup2::identity {

/// Parses a path in which a kubelet named a pod. The leftmost pod decides, whatever container ids
/// are to its left (the kubelet itself may run in a container), then the first container below it.
/// Without a pod returns WorkloadKind::qos if the path ends in a QoS level, WorkloadKind::other for
/// everything else at or below "kubepods", and nothing for other paths.
[[nodiscard]] std::optional<Workload> parse_kubepods(std::string_view path);

}  // namespace cgroup2::identity
