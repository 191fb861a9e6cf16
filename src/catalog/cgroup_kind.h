// SPDX-License-Identifier: Apache-2.0
// Declares the kinds by which cgroups can be chosen: those of cgroup_info{kind}, and kinds of what
// that calls "other".
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <optional>
#include <string_view>

namespace cgroup2::catalog {

enum class CgroupKind {
  container,
  pod,
  sandbox,
  conmon,
  crio_sandbox_placeholder,
  kata_sandbox,
  kata_overhead,
  lxc_monitor,
  vm,
  machine,
  job,
  qos,
  service,
  scope,
  slice,
  inside,
  root,
  other,
};

struct CgroupKindRow {
  CgroupKind kind;
  std::string_view word;
  std::string_view help;  ///< what is of that kind
};

/// Holds one row for each kind, in the order of the values.
inline constexpr auto cgroup_kinds = std::to_array<CgroupKindRow>({
    {CgroupKind::container, "container", "a container, whatever runs it"},
    {CgroupKind::pod, "pod", "a pod of Kubernetes or Podman"},
    {CgroupKind::sandbox, "sandbox", "the pause container of a pod"},
    {CgroupKind::conmon, "conmon", "conmon beside a container of Podman or CRI-O"},
    {CgroupKind::crio_sandbox_placeholder, "crio-sandbox-placeholder",
     "what CRI-O makes for a pod without pause container"},
    {CgroupKind::kata_sandbox, "kata-sandbox", "the virtual machine of a pod of Kata"},
    {CgroupKind::kata_overhead, "kata-overhead", "what Kata runs beside it"},
    {CgroupKind::lxc_monitor, "lxc-monitor", "the monitor of a container of LXC"},
    {CgroupKind::vm, "vm", "a virtual machine"},
    {CgroupKind::machine, "machine",
     "a virtual machine, or a container that systemd-machined has registered"},
    {CgroupKind::job, "job", "a job of a batch system"},
    {CgroupKind::qos, "qos", "the pods of one QoS class"},
    {CgroupKind::service, "service", "a service of systemd that is none of the above"},
    {CgroupKind::scope, "scope", "a scope of systemd that is none of the above"},
    {CgroupKind::slice, "slice", "a slice of systemd that is none of the above"},
    {CgroupKind::inside, "inside", "a cgroup inside of one of the above, but not of a slice"},
    {CgroupKind::root, "root", "the root, which has the values of the host"},
    {CgroupKind::other, "other", "anything else"},
});

/// Selects kinds.
using CgroupKindSet = std::bitset<cgroup_kinds.size()>;

[[nodiscard]] constexpr std::size_t index(CgroupKind kind) {
  return static_cast<std::size_t>(kind);
}

/// Finds a kind by its word.
[[nodiscard]] constexpr std::optional<CgroupKind> find_cgroup_kind(std::string_view word) {
  for (const auto& row : cgroup_kinds) {
    if (row.word == word) return row.kind;
  }
  return std::nullopt;
}

static_assert([] {
  for (std::size_t i = 0; i < cgroup_kinds.size(); ++i) {
    if (index(cgroup_kinds[i].kind) != i) return false;
  }
  return index(CgroupKind::other) + 1 == cgroup_kinds.size();
}());

}  // namespace cgroup2::catalog
