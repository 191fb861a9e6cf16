// SPDX-License-Identifier: Apache-2.0
// Finds the workload that a cgroup's path names: runtimes, the kubelet and schedulers have shapes
// for their cgroups.
#pragma once

#include <string_view>

#include "identity/workload.h"

namespace cgroup2::identity {

/// Parses a cgroup's path below the mount ("/" for the root), raw bytes. Returns
/// WorkloadKind::other for a path that names no workload. Pure.
///
/// The leftmost component that names a Kubernetes pod decides. Without one the leftmost component
/// that names any workload decides; if that is a pod, then the first container below it. The shapes
/// and their precedence follow the kubelet's cgroup manager, the runtimes' cgroup paths and
/// systemd's unit names. Each has a row in the tests.
[[nodiscard]] Workload parse_path(std::string_view path);

/// Whether a container, machine or job is above the pod in this path: a kubelet inside of it made
/// the pod, of which the files of the host know nothing. Pure.
///   /docker/ID/kubelet/kubepods/burstable/podUID/ID
[[nodiscard]] bool has_container_above_pod(std::string_view path);

}  // namespace cgroup2::identity
