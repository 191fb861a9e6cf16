// SPDX-License-Identifier: Apache-2.0
// What a cgroup's path alone says of its owner: the shapes in which runtimes, kubelet and
// schedulers name cgroups.
#pragma once

#include <string>
#include <string_view>

namespace cgroup2::identity {

/// What kind of thing a cgroup stands for. The words appear in cgroup_info{kind}.
enum class Kind {
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
};

/// "container", "qos", "pod", "crio-sandbox-placeholder", …
[[nodiscard]] std::string_view to_string(Kind kind);

/// What the path says. Empty strings: the path does not say.
struct PathIdentity {
  Kind kind = Kind::other;
  /// guaranteed, burstable or besteffort; only for Kind::qos, Kubernetes pods and what is in them
  std::string qos;
  std::string pod_uid;  ///< of a Kubernetes pod, dashes restored; 32 hex digits for a static pod
  /// cri-containerd, containerd, crio, docker, libpod, nerdctl, buildah, lxc, nspawn, qemu, slurm,
  /// torque, nomad or unknown; empty for Kubernetes pods, kata, Kind::qos and Kind::other
  std::string runtime;
  /// 64 hex digits, or the name where the owner has no id; never a pod's
  std::string container_id;
  std::string subpath;  ///< what follows the component that decided, without a leading slash
  /// systemd's names of the units that the cgroup belongs to (see units.h), whatever its kind
  std::string unit{};
  std::string user_unit{};

  friend bool operator==(const PathIdentity&, const PathIdentity&) = default;
};

/// Parses a cgroup's path below the mount ("/" for the root), raw bytes. Pure; never fails: what it
/// does not know is Kind::other. The leftmost component that a Kubernetes pod is named in decides;
/// without one the leftmost that any owner is named in; if that is a pod, then the first container
/// below it. The shapes and their precedence follow
/// kubelet's cgroup manager, the runtimes' cgroup paths and systemd's unit names; each has a row in
/// the tests.
[[nodiscard]] PathIdentity parse_path(std::string_view path);

}  // namespace cgroup2::identity
