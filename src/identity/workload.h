// SPDX-License-Identifier: Apache-2.0
// Workload: what a cgroup is: its kind, its runtime and its ids.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "base/shared_text.h"
#include "identity/runtimes.h"

namespace cgroup2::identity {

/// What kind of thing a cgroup stands for. The words appear in cgroup_info{kind}.
enum class WorkloadKind {
  other,
  container,
  qos,  ///< kubelet's burstable or besteffort pods together; guaranteed ones have no such cgroup
  pod,
  sandbox,  ///< holds the namespaces of its pod and does nothing; no path tells it from a container
  conmon,
  crio_sandbox_placeholder,
  kata_sandbox,
  kata_overhead,
  lxc_monitor,
  vm,
  job,
  count,  ///< how many there are; no cgroup has it
};

/// Returns "container", "qos", "pod", "crio-sandbox-placeholder", …
[[nodiscard]] constexpr std::string_view to_string(WorkloadKind kind) {
  constexpr auto words = std::to_array<std::string_view>(
      {"other", "container", "qos", "pod", "sandbox", "conmon", "crio-sandbox-placeholder",
       "kata-sandbox", "kata-overhead", "lxc-monitor", "vm", "job"});
  static_assert(words.size() == static_cast<std::size_t>(WorkloadKind::count));
  return words.at(static_cast<std::size_t>(kind));
}

/// What a cgroup is or belongs to. An empty string means that it is not known.
struct Workload {
  WorkloadKind kind = WorkloadKind::other;
  /// guaranteed, burstable or besteffort; only for WorkloadKind::qos, Kubernetes pods and what is
  /// in them
  base::SharedText qos{};
  /// of a Kubernetes pod, with "-" for each "_" of a slice: a UUID, or of a static pod 32 hex
  /// digits or what its file states
  base::SharedText pod_uid{};
  Runtime runtime = Runtime::none;
  /// Has the shape that the row of the runtime states, or is "pidns:<inode>" (see Identity); never
  /// a pod's.
  base::SharedText container_id{};
  base::SharedText subpath{};  ///< what follows the component that decided, without a first slash
  /// systemd's names of the units that the cgroup belongs to (see units.h), whatever its kind
  base::SharedText unit{};
  base::SharedText user_unit{};
  /// The innermost container, if it is inside of another one, a machine or a job: who is in there
  /// chose its path. Both empty for all others.
  base::SharedText nested_container_id{};
  Runtime nested_runtime = Runtime::none;
  /// Whether it is a pod, or in one, that a kubelet inside of a container, a machine or a job made:
  /// the files of the host do not know it.
  bool is_of_inner_kubelet = false;
  base::SharedText job_user{};  ///< uid of the user whose job it is, where the path has it

  friend bool operator==(const Workload&, const Workload&) = default;
};

/// Says whether a cgroup is what somebody runs, as a whole: a container, a pod, its sandbox, a
/// machine or a job; not a cgroup inside of one, nor one that holds several.
[[nodiscard]] inline bool is_whole_workload(const Workload& workload) {
  switch (workload.kind) {
    case WorkloadKind::container:
    case WorkloadKind::pod:
    case WorkloadKind::sandbox:
    case WorkloadKind::kata_sandbox:
    case WorkloadKind::vm:
    case WorkloadKind::job:
      return workload.subpath.empty();
    default:
      return false;
  }
}

/// Says whether cgroups of this kind belong to one workload: to what somebody runs, or to what a
/// runtime runs beside it (conmon, monitors, what Kata keeps apart). The cgroup of a QoS level
/// holds many.
[[nodiscard]] constexpr bool is_of_one_workload(WorkloadKind kind) {
  return kind != WorkloadKind::other && kind != WorkloadKind::qos;
}

/// Says whether it is a container that somebody gave a name for an id: nerdctl, CRI and Docker call
/// theirs by 64 hex digits, but "ctr run IMAGE web" and Talos call one "web".
[[nodiscard]] inline bool is_plain_name_of_containerd(const Workload& workload) {
  return workload.runtime == Runtime::containerd && workload.container_id.size() != 64;
}

/// Makes a workload of which only this is known.
[[nodiscard]] inline Workload make_workload(WorkloadKind kind, Runtime runtime,
                                            std::string_view container_id = {}) {
  return {.kind = kind, .runtime = runtime, .container_id = container_id};
}

}  // namespace cgroup2::identity
