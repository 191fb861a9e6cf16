// SPDX-License-Identifier: Apache-2.0
#include "identity/kubepods.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "identity/components.h"
#include "identity/leaf.h"

namespace cgroup2::identity {
namespace {

constexpr std::string_view root_name = "kubepods";
constexpr std::string_view slice_suffix = ".slice";
constexpr std::string_view guaranteed = "guaranteed";
constexpr std::string_view qos_levels[] = {"burstable", "besteffort"};

struct Pod {
  std::string_view qos;
  std::string uid;
};

bool take_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

// Returns the UID of "pod<UID>": a UUID of the API, the MD5 of a static pod's file, or what that
// file says (metadata.uid), which is any text.
std::optional<std::string_view> uid_of(std::string_view name) {
  const auto uid = between(name, "pod", "");
  const auto is_of_uid = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
  };
  if (!uid || !std::ranges::all_of(*uid, is_of_uid)) return std::nullopt;
  return uid;
}

bool is_root_name(std::string_view name) {
  return take_suffix(name, root_name) && (name.empty() || name.back() == '-');
}

// Removes "-burstable" or "-besteffort" from the end.
std::optional<std::string_view> take_level(std::string_view& name) {
  for (const auto level : qos_levels) {
    auto rest = name;
    if (!take_suffix(rest, level) || !take_suffix(rest, "-")) continue;
    name = rest;
    return level;
  }
  return std::nullopt;
}

//   kubepods-burstable.slice   kubelet-kubepods-besteffort.slice   kubepods/burstable
std::optional<std::string_view> match_level(std::string_view name, std::string_view parent) {
  if (parent == root_name) {
    const auto level = std::ranges::find(qos_levels, name);
    if (level != std::end(qos_levels)) return *level;
  }
  if (!take_suffix(name, slice_suffix)) return std::nullopt;
  const auto level = take_level(name);
  if (!level || !is_root_name(name)) return std::nullopt;
  return level;
}

//   kubepods-burstable-pod2942c55e_c9cb_428a_93f4_eaf89c1f3ce0.slice
//   kubelet-kubepods-pod3e61c214bc3ed9ff81e21474dd6cba17.slice
// Reads from right to left, because the prefix (--cgroup-root) may hold anything. The kubelet
// writes "_" for each "-" of the UID, so the last "-" is in front of it. The slice of a guaranteed
// pod has no word for its level.
std::optional<Pod> match_pod_slice(std::string_view name) {
  if (!take_suffix(name, slice_suffix)) return std::nullopt;
  const auto dash = name.rfind('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto uid = uid_of(name.substr(dash + 1));
  if (!uid) return std::nullopt;
  name.remove_suffix(name.size() - dash);
  const auto level = take_level(name);
  if (!is_root_name(name)) return std::nullopt;
  Pod pod{level.value_or(guaranteed), std::string(*uid)};
  std::ranges::replace(pod.uid, '_', '-');
  return pod;
}

//   kubepods/burstable/pod2942c55e-c9cb-428a-93f4-eaf89c1f3ce0
// Where "kubepods" is cut off, for example in a cgroup namespace, only the shapes of the API and of
// an MD5 make a pod.
std::optional<Pod> match_pod_directory(const PathComponent& component) {
  const bool is_below_level =
      std::ranges::find(qos_levels, component.parent) != std::end(qos_levels);
  if (!is_below_level && component.parent != root_name) return std::nullopt;
  const auto uid = uid_of(component.name);
  if (!uid) return std::nullopt;
  const bool has_root = !is_below_level || component.grandparent == root_name;
  if (!has_root && !is_uuid(*uid, '-') && !is_hex(*uid, 32)) return std::nullopt;
  return Pod{is_below_level ? component.parent : guaranteed, std::string(*uid)};
}

// `name` is the pod's component, `rest` what follows it.
Workload identify(const Pod& pod, std::string_view name, std::string_view parent,
                  std::string_view rest) {
  Workload workload;
  workload.kind = WorkloadKind::pod;
  workload.qos = pod.qos;
  workload.pod_uid = pod.uid;
  workload.subpath = rest;
  // Begins with the pod's own component: one with colons has the container's id too.
  for (std::optional<std::string_view> component = name; component;
       component = next_component(rest)) {
    if (const auto leaf = match_leaf(*component, parent)) {
      workload.kind = leaf->kind;
      workload.runtime = leaf->runtime;
      workload.container_id = leaf->container_id;
      workload.subpath = rest;
      return workload;
    }
    parent = *component;
  }
  return workload;
}

}  // namespace

std::optional<Workload> parse_kubepods(std::string_view path) {
  bool is_below_root = false;
  PathComponent component;
  while (const auto name = next_component(path)) {
    component = {*name, component.name, component.parent};
    auto pod = match_pod_slice(name->substr(0, name->find(':')));
    if (!pod) pod = match_pod_directory(component);
    if (pod) return identify(*pod, *name, component.parent, path);
    if (const auto level = path.empty() ? match_level(*name, component.parent) : std::nullopt) {
      Workload workload;
      workload.kind = WorkloadKind::qos;
      workload.qos = *level;
      return workload;
    }

    auto stem = *name;
    is_below_root = is_below_root || stem == root_name ||
                    (take_suffix(stem, slice_suffix) && is_root_name(stem));
  }
  if (is_below_root) return Workload{};
  return std::nullopt;
}

}  // namespace cgroup2::identity
