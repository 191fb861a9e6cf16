// SPDX-License-Identifier: Apache-2.0
// Has a function for each runtime whose cgroups are called by something else than 64 hex digits.
#include "identity/paths.h"

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

//   torque/42.server
std::optional<Workload> match_torque(const PathComponent& component) {
  if (component.parent != "torque" || !is_number(component.name.substr(0, 1))) return std::nullopt;
  return make_workload(WorkloadKind::job, Runtime::torque, component.name);
}

//   slurmstepd.scope/job_42   node1_slurmstepd.scope/job_42   slurm_node1/uid_1000/job_42
std::optional<Workload> match_slurm(const PathComponent& component) {
  const auto number = between(component.name, "job_", "");
  if (!number || !is_number(*number)) return std::nullopt;
  const bool is_in_scope =
      component.parent == "slurmstepd.scope" || component.parent.ends_with("_slurmstepd.scope");
  const bool is_in_tree =
      component.parent.starts_with("uid_") &&
      (component.grandparent == "slurm" || component.grandparent.starts_with("slurm_"));
  if (!is_in_scope && !is_in_tree) return std::nullopt;
  return make_workload(WorkloadKind::job, Runtime::slurm, *number);
}

//   nomad.slice/share.slice/8a1c2f0e-6a3c-4d2b-9b1f-0c5d7e8f9a10.web.scope
std::optional<Workload> match_nomad(const PathComponent& component) {
  constexpr std::size_t uuid_length = 36;
  if (component.parent != "share.slice" && component.parent != "reserve.slice" &&
      component.parent != "nomad.slice")
    return std::nullopt;
  const auto task = between(component.name, "", ".scope");
  if (!task || !is_uuid(task->substr(0, uuid_length), '-')) return std::nullopt;
  if (!between(task->substr(uuid_length), ".", "")) return std::nullopt;
  return make_workload(WorkloadKind::job, Runtime::nomad, *task);
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

Workload parse_path(std::string_view path) {
  const auto pod = parse_kubepods(path);
  Workload owner = pod ? *pod : parse_elsewhere(path);
  // Kata keeps the processes that it does not charge to the pod (VMM, virtiofsd, shim) below this
  // name. Its Rust runtime appends the container's whole path, in which no pod and no QoS level is
  // meant.
  const auto left_part = path.substr(0, path.size() - owner.subpath.size());
  const bool is_copy = owner.kind == WorkloadKind::container || owner.kind == WorkloadKind::pod ||
                       owner.kind == WorkloadKind::qos;
  if (is_copy && has_component(left_part, kata_overhead)) {
    owner.kind = WorkloadKind::kata_overhead;
    owner.runtime = Runtime::none;
  }
  const auto units = parse_units(path);
  owner.unit = units.unit;
  owner.user_unit = units.user_unit;
  return owner;
}

bool has_container_above_pod(std::string_view path) {
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = path.find('/', end + 1);
    const WorkloadKind kind = parse_path(path.substr(0, end)).kind;
    if (kind != WorkloadKind::other) return kind != WorkloadKind::qos && kind != WorkloadKind::pod;
  }
  return false;
}

}  // namespace cgroup2::identity
