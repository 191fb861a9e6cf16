// SPDX-License-Identifier: Apache-2.0
#include "identity/leaf.h"

#include <algorithm>

#include "identity/components.h"

namespace cgroup2::identity {
namespace {

Leaf match_bare_id(std::string_view id, std::string_view parent) {
  // Kata's Rust runtime without a pod's path.
  if (parent == "kata_sandboxed_pod") return {WorkloadKind::kata_sandbox, Runtime::none, id};
  for (const auto& row : all_runtimes) {
    if (!row.parent.empty() && row.parent == parent)
      return {WorkloadKind::container, row.runtime, id};
  }
  return {WorkloadKind::container, Runtime::unknown, id};
}

std::optional<Leaf> match_prefix(std::string_view prefix, std::string_view id) {
  if (prefix.empty()) return std::nullopt;
  // Kata's Rust runtime with systemd's cgroups.
  if (prefix == "runtime-rs") return Leaf{WorkloadKind::kata_overhead, Runtime::none, id};
  for (const auto& row : all_runtimes) {
    if (std::ranges::find(row.prefixes, prefix) != row.prefixes.end())
      return Leaf{WorkloadKind::container, row.runtime, id};
    // A monitor is beside its container and has the same id.
    if (prefix == row.monitor_prefix) return Leaf{WorkloadKind::conmon, row.runtime, id};
  }
  return std::nullopt;
}

}  // namespace

//   cri-containerd-<id>.scope   crio-<id>   <id>   kata_<id>
//   kubepods-pod<uid>.slice:cri-containerd:<id>
// The form with colons is the argument of systemd's cgroup driver, taken literally by a runtime
// that was set to cgroupfs.
std::optional<Leaf> match_leaf(std::string_view name, std::string_view parent) {
  constexpr std::string_view scope = ".scope";
  const bool is_scope = name.ends_with(scope);
  if (is_scope) name.remove_suffix(scope.size());
  if (name.size() < container_id_length) return std::nullopt;
  const auto id = name.substr(name.size() - container_id_length);
  if (!is_container_id(id)) return std::nullopt;

  name.remove_suffix(container_id_length);
  if (name.empty()) return match_bare_id(id, parent);
  if (name == "kata_" && !is_scope) return Leaf{WorkloadKind::kata_sandbox, Runtime::none, id};

  const char separator = name.back();
  if (separator != '-' && separator != ':') return std::nullopt;
  name.remove_suffix(1);
  if (separator == ':') {
    const auto colon = name.rfind(':');
    if (colon == std::string_view::npos || is_scope) return std::nullopt;
    name.remove_prefix(colon + 1);
  }
  auto leaf = match_prefix(name, id);
  // CRI-O without pause containers still makes an empty cgroup for each, and not as a unit although
  // it is in a slice.
  const bool is_placeholder = leaf && leaf->kind == WorkloadKind::container &&
                              leaf->runtime == Runtime::crio && separator == '-' && !is_scope &&
                              parent.ends_with(".slice");
  if (is_placeholder) leaf->kind = WorkloadKind::crio_sandbox_placeholder;
  return leaf;
}

}  // namespace cgroup2::identity
