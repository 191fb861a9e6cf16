// SPDX-License-Identifier: Apache-2.0
// Workload: what a cgroup is: its kind, its runtime and its ids.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

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

/// What owns a cgroup. An empty string means that it is not known.
struct Workload {
  WorkloadKind kind = WorkloadKind::other;
  /// guaranteed, burstable or besteffort; only for WorkloadKind::qos, Kubernetes pods and what is
  /// in them
  std::string qos{};
  std::string pod_uid{};  ///< of a Kubernetes pod, dashes restored; 32 hex digits for a static pod
  Runtime runtime = Runtime::none;
  /// Has the shape that the row of the runtime states, or is "pidns:<inode>" (see Identity); never
  /// a pod's.
  std::string container_id{};
  std::string subpath{};  ///< what follows the component that decided, without a leading slash
  /// systemd's names of the units that the cgroup belongs to (see units.h), whatever its kind
  std::string unit{};
  std::string user_unit{};

  friend bool operator==(const Workload&, const Workload&) = default;
};

/// Makes a workload of which only this is known.
[[nodiscard]] inline Workload make_workload(WorkloadKind kind, Runtime runtime,
                                            std::string_view container_id = {}) {
  return {.kind = kind, .runtime = runtime, .container_id = std::string(container_id)};
}

}  // namespace cgroup2::identity
