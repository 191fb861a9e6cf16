// SPDX-License-Identifier: Apache-2.0
// Finds the workload that a cgroup's path names: runtimes, the kubelet and schedulers have shapes
// for their cgroups.
#pragma once

#include <optional>
#include <string_view>

#include "identity/workload.h"

namespace cgroup2::identity {

/// Parses a cgroup's path below the mount ("/" for the root), raw bytes. Returns
/// WorkloadKind::other for a path that names no workload. Pure.
///
/// The leftmost component that names a Kubernetes pod decides. Without one the leftmost component
/// that names any workload decides; if that is a pod, then the first container below it. A
/// container further below is only told as nested: the files of the host do not know it. The shapes
/// and their precedence follow the kubelet's cgroup manager, the runtimes' cgroup paths and
/// systemd's unit names. Each has a row in the tests.
[[nodiscard]] Workload parse_path(std::string_view path);

/// Returns the path of the workload's own cgroup: what is left of the path of a cgroup without what
/// is below the workload (Workload::subpath). Pure.
[[nodiscard]] std::string_view path_of_workload(std::string_view path, const Workload& workload);

/// Returns the path of the own cgroup of the outermost container that a nested container is in;
/// empty if it is in none, but in a virtual machine or a job. Pure.
[[nodiscard]] std::string_view path_of_outer(std::string_view path, const Workload& workload);

/// Whether the cgroup at this path is that of the unit, and not one inside of it. systemd puts "_"
/// before a name that could be taken for a file of the kernel (cg_escape()). False for "". Pure.
[[nodiscard]] bool is_cgroup_of_unit(std::string_view path, std::string_view unit);

/// Returns the machine that the name of a unit means where it is known to be a machine's, whatever
/// slice it is in: machine-qemu\x2d1\x2dweb.scope. Without subpath and units. Pure.
[[nodiscard]] std::optional<Workload> parse_machine_unit(std::string_view unit);

}  // namespace cgroup2::identity
