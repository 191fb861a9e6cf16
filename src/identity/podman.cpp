// SPDX-License-Identifier: Apache-2.0
// Matches the cgroups that Podman names otherwise than by a container's 64 hex digits: pods, whose
// ids are neither a container's nor a Kubernetes pod's and stay in the path only, and the directory
// of the cgroupfs manager's monitors, which does not name their containers.
#include <optional>
#include <string_view>

#include "identity/components.h"
#include "identity/workload.h"

namespace cgroup2::identity {
namespace {

constexpr std::string_view cgroupfs_parent = "libpod_parent";

//   machine.slice/machine-libpod_pod_<id>.slice   user.slice/user-libpod_pod_<id>.slice
bool is_pod_slice(std::string_view name) {
  const auto stem = between(name, "", ".slice");
  if (!stem || stem->size() < container_id_length) return false;
  const auto at = stem->size() - container_id_length;
  if (!is_container_id(stem->substr(at))) return false;
  const auto left = stem->substr(0, at);
  return left == "libpod_pod_" || left.ends_with("-libpod_pod_");
}

//   libpod_parent/<id>
bool is_pod_directory(std::string_view name, std::string_view parent) {
  return parent == cgroupfs_parent && is_container_id(name);
}

//   libpod_parent/conmon   libpod_parent/<id of a pod>/conmon
bool is_conmon_directory(const PathComponent& component) {
  return component.name == "conmon" && (component.parent == cgroupfs_parent ||
                                        is_pod_directory(component.parent, component.grandparent));
}

}  // namespace

std::optional<Workload> match_libpod(const PathComponent& component) {
  if (is_pod_slice(component.name) || is_pod_directory(component.name, component.parent))
    return make_workload(WorkloadKind::pod, Runtime::libpod);
  if (is_conmon_directory(component)) return make_workload(WorkloadKind::conmon, Runtime::libpod);
  return std::nullopt;
}

}  // namespace cgroup2::identity
