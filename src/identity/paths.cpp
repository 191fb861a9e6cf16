// SPDX-License-Identifier: Apache-2.0
// Has a function for each runtime whose cgroups are called by something else than 64 hex digits.
#include "identity/paths.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "base/text.h"
#include "identity/components.h"
#include "identity/kubepods.h"
#include "identity/leaf.h"
#include "identity/units.h"

namespace cgroup2::identity {
namespace {

constexpr std::string_view kata_overhead = "kata_overhead";

// Returns "name" of "12<dash>name": libvirt puts a number before the names of its domains.
std::optional<std::string_view> after_number(std::string_view text, std::string_view dash) {
  const auto end = text.find(dash);
  if (end == std::string_view::npos || !is_number(text.substr(0, end))) return std::nullopt;
  text.remove_prefix(end + dash.size());
  if (text.empty()) return std::nullopt;
  return text;
}

// Returns the name of a machine as systemd-machined escapes it.
//   machine.slice/machine-web.scope
std::optional<std::string_view> machine_of(const PathComponent& component) {
  const bool is_in_slice =
      component.parent.starts_with("machine") && component.parent.ends_with(".slice");
  return is_in_slice ? between(component.name, "machine-", ".scope") : std::nullopt;
}

// Returns the name of a domain of libvirt whose driver is "qemu" or "lxc".
//   machine.slice/machine-qemu\x2d3\x2ddebian\x2d12.scope
//   machine/qemu-3-debian.libvirt-qemu   machine/debian.libvirt-qemu
std::optional<std::string> domain_of(const PathComponent& component, const std::string& driver) {
  if (const auto machine = machine_of(component)) {
    const auto domain = between(*machine, driver + "\\x2d", "");
    const auto name = domain ? after_number(*domain, "\\x2d") : std::nullopt;
    if (name) return base::decode_hex_escapes(*name);
  }
  const auto name = between(component.name, "", ".libvirt-" + driver);
  if (!name) return std::nullopt;
  const auto numbered = between(*name, driver + '-', "");
  const auto domain = numbered ? after_number(*numbered, "-") : std::nullopt;
  return std::string(domain.value_or(*name));
}

std::optional<Workload> match_any(const PathComponent& component) {
  for (const auto& row : all_runtimes) {
    if (row.match == nullptr) continue;
    if (auto workload = row.match(component)) return workload;
  }
  return std::nullopt;
}

// Returns the leftmost workload, or the first that is below it if that is a pod.
Workload parse_elsewhere(std::string_view path) {
  Workload pod;
  PathComponent component;
  while (const auto name = next_component(path)) {
    component = {*name, component.name, component.parent};
    auto workload = match_any(component);
    if (!workload) continue;
    workload->subpath = path;
    if (workload->kind != WorkloadKind::pod) return *workload;
    if (pod.kind == WorkloadKind::other) pod = *std::move(workload);
  }
  return pod;
}

bool may_hold_containers(WorkloadKind kind) {
  return kind == WorkloadKind::container || kind == WorkloadKind::vm || kind == WorkloadKind::job;
}

// Says of a pod whether a container is above it, and finds the innermost container below what holds
// it. Only the place of the outermost one is trusted: anybody in there may have made the others.
void add_nested(std::string_view path, Workload& workload) {
  if (!workload.pod_uid.empty()) {
    const Workload outermost = parse_elsewhere(path);
    workload.is_of_inner_kubelet =
        may_hold_containers(outermost.kind) && outermost.subpath.size() > workload.subpath.size();
  }
  if (!may_hold_containers(workload.kind)) return;
  if (workload.is_of_inner_kubelet) {
    workload.nested_container_id = workload.container_id;
    workload.nested_runtime = workload.runtime;
  }
  PathComponent component;
  std::string_view rest = workload.subpath;
  while (const auto name = next_component(rest)) {
    component = {*name, component.name, component.parent};
    const auto inner = match_any(component);
    if (!inner || inner->kind != WorkloadKind::container) continue;
    workload.nested_container_id = inner->container_id;
    workload.nested_runtime = inner->runtime;
  }
}

bool has_component(std::string_view path, std::string_view wanted) {
  while (const auto name = next_component(path)) {
    if (*name == wanted) return true;
  }
  return false;
}

}  // namespace

std::optional<Workload> match_container_id(const PathComponent& component) {
  const auto leaf = match_leaf(component.name, component.parent);
  if (!leaf) return std::nullopt;
  return make_workload(leaf->kind, leaf->runtime, leaf->container_id);
}

//   lxc.payload.web   lxc.monitor.web   lxc/101   lxc.monitor/101
std::optional<Workload> match_lxc(const PathComponent& component) {
  const auto of_kind = [](WorkloadKind kind, std::string_view name) {
    return make_workload(kind, Runtime::lxc, name);
  };
  if (const auto name = between(component.name, "lxc.payload.", ""))
    return of_kind(WorkloadKind::container, *name);
  if (const auto name = between(component.name, "lxc.monitor.", ""))
    return of_kind(WorkloadKind::lxc_monitor, *name);
  if (component.parent == "lxc") return of_kind(WorkloadKind::container, component.name);
  if (component.parent == "lxc.monitor") return of_kind(WorkloadKind::lxc_monitor, component.name);
  if (const auto name = domain_of(component, "lxc")) return of_kind(WorkloadKind::container, *name);
  return std::nullopt;
}

//   qemu.slice/100.scope   (Proxmox VE)
std::optional<Workload> match_qemu(const PathComponent& component) {
  if (const auto name = domain_of(component, "qemu"))
    return make_workload(WorkloadKind::vm, Runtime::qemu, *name);
  const auto vmid = between(component.name, "", ".scope");
  if (component.parent != "qemu.slice" || !vmid || !is_number(*vmid)) return std::nullopt;
  return make_workload(WorkloadKind::vm, Runtime::qemu, *vmid);
}

//   systemd-nspawn@web.service
std::optional<Workload> match_nspawn(const PathComponent& component) {
  auto name = between(component.name, "systemd-nspawn@", ".service");
  if (!name) name = machine_of(component);
  if (!name) return std::nullopt;
  return make_workload(WorkloadKind::container, Runtime::nspawn, base::decode_hex_escapes(*name));
}

//   crun-buildah-buildah2365838308.scope   runc-buildah-buildah2365838308.scope
//   buildah-buildah2365838308
std::optional<Workload> match_buildah(const PathComponent& component) {
  auto id = between(component.name, "crun-", ".scope");
  if (!id) id = between(component.name, "runc-", ".scope");
  if (!id) id = component.name;
  const auto number = between(*id, "buildah-buildah", "");
  if (!number || !is_number(*number)) return std::nullopt;
  return make_workload(WorkloadKind::container, Runtime::buildah, *id);
}

//   buildkit/qc0ye2jmyjdv2arqj7h0wgp0c   docker/buildkit/<id>   buildkit-<id>.scope
// BuildKit's id of a RUN instruction (identity.NewID(): 25 letters and digits), below
// "defaultCgroupParent" or as a scope if that is a slice (oci.GenerateSpec()).
std::optional<Workload> match_buildkit(const PathComponent& component) {
  constexpr std::size_t id_length = 25;
  auto id = between(component.name, "buildkit-", ".scope");
  if (!id && component.parent == "buildkit") id = component.name;
  const auto is_of_id = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); };
  if (!id || id->size() != id_length || !std::ranges::all_of(*id, is_of_id)) return std::nullopt;
  return make_workload(WorkloadKind::container, Runtime::buildkit, *id);
}

//   garden.service/garden/good/2f57368b-0eda-4e52-64d8-af5c   garden-x/<handle>
// The handle that Cloud Foundry or Concourse gave to it. With the throttling of CPU, "good" and
// "bad" hold those below and above their share; "init" has Garden's own processes
// (rundmc/cgroups/constants.go of guardian).
std::optional<Workload> match_garden(const PathComponent& component) {
  const auto is_garden = [](std::string_view name) {
    return name == "garden" || (name.starts_with("garden-") && !name.ends_with(".slice"));
  };
  const auto is_share = [](std::string_view name) { return name == "good" || name == "bad"; };
  const bool is_direct =
      is_garden(component.parent) && !is_share(component.name) && component.name != "init";
  const bool is_below_share = is_garden(component.grandparent) && is_share(component.parent);
  if (!is_direct && !is_below_share) return std::nullopt;
  return make_workload(WorkloadKind::container, Runtime::garden, component.name);
}

//   mesos/3c1f0f0e-9f0e-4b43-8b69-0d8a1b0c7e55/leaf
// Below the agent's --cgroups_root (docs/cgroups-v2.md of Mesos).
std::optional<Workload> match_mesos(const PathComponent& component) {
  if (component.parent != "mesos" || !is_uuid(component.name, '-')) return std::nullopt;
  return make_workload(WorkloadKind::container, Runtime::mesos, component.name);
}

std::optional<Workload> parse_machine_unit(std::string_view unit) {
  return match_any({.name = unit, .parent = "machine.slice"});
}

Workload parse_path(std::string_view path) {
  const auto pod = parse_kubepods(path);
  Workload workload = pod ? *pod : parse_elsewhere(path);
  // Kata keeps the processes that it does not charge to the pod (VMM, virtiofsd, shim) below this
  // name. Its Rust runtime appends the container's whole path, in which no pod and no QoS level is
  // meant.
  const auto left_part = path.substr(0, path.size() - workload.subpath.size());
  const bool is_copy = workload.kind == WorkloadKind::container ||
                       workload.kind == WorkloadKind::pod || workload.kind == WorkloadKind::qos;
  if (is_copy && has_component(left_part, kata_overhead)) {
    workload.kind = WorkloadKind::kata_overhead;
    workload.runtime = Runtime::none;
  }
  add_nested(path, workload);
  const auto units = parse_units(path);
  workload.unit = units.unit;
  workload.user_unit = units.user_unit;
  return workload;
}

std::string_view path_of_workload(std::string_view path, const Workload& workload) {
  path.remove_suffix(std::min(path.size(), workload.subpath.size()));
  if (workload.subpath.empty()) return path;
  while (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

std::string_view path_of_outer(std::string_view path, const Workload& workload) {
  if (workload.nested_container_id.empty()) return {};
  const Workload outer = workload.is_of_inner_kubelet ? parse_elsewhere(path) : workload;
  return outer.kind == WorkloadKind::container ? path_of_workload(path, outer) : std::string_view();
}

bool is_cgroup_of_unit(std::string_view path, std::string_view unit) {
  if (unit.empty() || !path.ends_with(unit)) return false;
  path.remove_suffix(unit.size());
  return path.ends_with('/') || path.ends_with("/_");
}

}  // namespace cgroup2::identity
