// SPDX-License-Identifier: Apache-2.0
// Everything outside of Kubernetes: one small function for each owner, asked component by component
// from the left.
#include "identity/paths.h"

#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "base/text.h"
#include "identity/components.h"
#include "identity/kubepods.h"
#include "identity/leaf.h"
#include "identity/podman.h"
#include "identity/units.h"

namespace cgroup2::identity {
namespace {

constexpr std::string_view kata_overhead = "kata_overhead";

PathIdentity make_owner(Kind kind, std::string_view runtime, std::string_view container_id) {
  PathIdentity owner;
  owner.kind = kind;
  owner.runtime = runtime;
  owner.container_id = container_id;
  return owner;
}

// "12<dash>name" -> "name": libvirt counts its domains.
std::optional<std::string_view> after_number(std::string_view text, std::string_view dash) {
  const auto end = text.find(dash);
  if (end == std::string_view::npos || !is_number(text.substr(0, end))) return std::nullopt;
  text.remove_prefix(end + dash.size());
  if (text.empty()) return std::nullopt;
  return text;
}

//   lxc.payload.web   lxc.monitor.web   lxc/101   lxc.monitor/101
std::optional<PathIdentity> match_lxc(const Place& place) {
  if (const auto name = between(place.name, "lxc.payload.", ""))
    return make_owner(Kind::container, "lxc", *name);
  if (const auto name = between(place.name, "lxc.monitor.", ""))
    return make_owner(Kind::lxc_monitor, "lxc", *name);
  if (place.parent == "lxc") return make_owner(Kind::container, "lxc", place.name);
  if (place.parent == "lxc.monitor") return make_owner(Kind::lxc_monitor, "lxc", place.name);
  return std::nullopt;
}

//   systemd-nspawn@web.service
//   machine.slice/machine-web.scope
//   machine.slice/machine-qemu\x2d3\x2ddebian\x2d12.scope
std::optional<PathIdentity> match_machine_unit(const Place& place) {
  if (const auto name = between(place.name, "systemd-nspawn@", ".service")) {
    return make_owner(Kind::container, "nspawn", base::decode_hex_escapes(*name));
  }
  if (!place.parent.starts_with("machine") || !place.parent.ends_with(".slice"))
    return std::nullopt;
  const auto machine = between(place.name, "machine-", ".scope");
  if (!machine) return std::nullopt;
  if (const auto domain = between(*machine, "qemu\\x2d", "")) {
    if (const auto name = after_number(*domain, "\\x2d"))
      return make_owner(Kind::vm, "qemu", base::decode_hex_escapes(*name));
  }
  if (const auto domain = between(*machine, "lxc\\x2d", "")) {
    if (const auto name = after_number(*domain, "\\x2d"))
      return make_owner(Kind::container, "lxc", base::decode_hex_escapes(*name));
  }
  return make_owner(Kind::container, "nspawn", base::decode_hex_escapes(*machine));
}

//   machine/qemu-3-debian.libvirt-qemu   machine/debian.libvirt-qemu
std::optional<PathIdentity> match_libvirt_directory(const Place& place) {
  struct Driver {
    std::string_view suffix, prefix, runtime;
    Kind kind;
  };
  constexpr Driver drivers[] = {
      {".libvirt-qemu", "qemu-", "qemu", Kind::vm},
      {".libvirt-lxc", "lxc-", "lxc", Kind::container},
  };
  for (const auto& driver : drivers) {
    const auto name = between(place.name, "", driver.suffix);
    if (!name) continue;
    const auto counted = between(*name, driver.prefix, "");
    const auto domain = counted ? after_number(*counted, "-") : std::nullopt;
    return make_owner(driver.kind, driver.runtime, domain.value_or(*name));
  }
  return std::nullopt;
}

//   qemu.slice/100.scope
std::optional<PathIdentity> match_proxmox_vm(const Place& place) {
  const auto vmid = between(place.name, "", ".scope");
  if (place.parent != "qemu.slice" || !vmid || !is_number(*vmid)) return std::nullopt;
  return make_owner(Kind::vm, "qemu", *vmid);
}

//   slurmstepd.scope/job_42   node1_slurmstepd.scope/job_42   slurm_node1/uid_1000/job_42
//   torque/42.server
std::optional<PathIdentity> match_batch_job(const Place& place) {
  if (place.parent == "torque" && is_number(place.name.substr(0, 1)))
    return make_owner(Kind::job, "torque", place.name);
  const auto number = between(place.name, "job_", "");
  if (!number || !is_number(*number)) return std::nullopt;
  const bool is_in_scope =
      place.parent == "slurmstepd.scope" || place.parent.ends_with("_slurmstepd.scope");
  const bool is_in_tree = place.parent.starts_with("uid_") &&
                          (place.grandparent == "slurm" || place.grandparent.starts_with("slurm_"));
  if (!is_in_scope && !is_in_tree) return std::nullopt;
  return make_owner(Kind::job, "slurm", *number);
}

//   nomad.slice/share.slice/8a1c2f0e-6a3c-4d2b-9b1f-0c5d7e8f9a10.web.scope
std::optional<PathIdentity> match_nomad_task(const Place& place) {
  constexpr std::size_t uuid_length = 36;
  if (place.parent != "share.slice" && place.parent != "reserve.slice" &&
      place.parent != "nomad.slice")
    return std::nullopt;
  const auto task = between(place.name, "", ".scope");
  if (!task || !is_uuid(task->substr(0, uuid_length), '-')) return std::nullopt;
  if (!between(task->substr(uuid_length), ".", "")) return std::nullopt;
  return make_owner(Kind::job, "nomad", *task);
}

//   crun-buildah-buildah2365838308.scope   runc-buildah-buildah2365838308.scope
//   buildah-buildah2365838308
std::optional<PathIdentity> match_build(const Place& place) {
  auto id = between(place.name, "crun-", ".scope");
  if (!id) id = between(place.name, "runc-", ".scope");
  if (!id) id = place.name;
  const auto number = between(*id, "buildah-buildah", "");
  if (!number || !is_number(*number)) return std::nullopt;
  return make_owner(Kind::container, "buildah", *id);
}

std::optional<PathIdentity> match_container_id(const Place& place) {
  const auto leaf = match_leaf(place.name, place.parent);
  if (!leaf) return std::nullopt;
  return make_owner(leaf->kind, leaf->runtime, leaf->container_id);
}

// LXC comes first: below "lxc" a name is a name, even one of 64 hex digits. So does Podman: below
// "libpod_parent" they are a pod's.
constexpr std::array matchers = {match_lxc,
                                 match_podman,
                                 match_container_id,
                                 match_machine_unit,
                                 match_libvirt_directory,
                                 match_proxmox_vm,
                                 match_batch_job,
                                 match_nomad_task,
                                 match_build};

std::optional<PathIdentity> match_any(const Place& place) {
  for (const auto match : matchers) {
    if (auto owner = match(place)) return owner;
  }
  return std::nullopt;
}

// The leftmost owner, or what is in it if that is a pod.
PathIdentity parse_elsewhere(std::string_view path) {
  PathIdentity pod;
  Place place;
  while (const auto name = next_component(path)) {
    place = {*name, place.name, place.parent};
    auto owner = match_any(place);
    if (!owner) continue;
    owner->subpath = path;
    if (owner->kind != Kind::pod) return *owner;
    if (pod.kind == Kind::other) pod = *std::move(owner);
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

std::string_view to_string(Kind kind) {
  constexpr std::string_view words[] = {"other",
                                        "container",
                                        "qos",
                                        "pod",
                                        "sandbox",
                                        "conmon",
                                        "crio-sandbox-placeholder",
                                        "kata-sandbox",
                                        "kata-overhead",
                                        "lxc-monitor",
                                        "vm",
                                        "job"};
  return words[static_cast<std::size_t>(kind)];
}

PathIdentity parse_path(std::string_view path) {
  const auto pod = parse_kubepods(path);
  PathIdentity owner = pod ? *pod : parse_elsewhere(path);
  // Kata keeps the processes that it does not charge to the pod (VMM, virtiofsd, shim) below this
  // name, the Rust runtime with the container's whole path behind it: what looks like a pod or a
  // QoS level there is none.
  const auto left_part = path.substr(0, path.size() - owner.subpath.size());
  const bool is_copy =
      owner.kind == Kind::container || owner.kind == Kind::pod || owner.kind == Kind::qos;
  if (is_copy && has_component(left_part, kata_overhead)) {
    owner.kind = Kind::kata_overhead;
    owner.runtime.clear();
  }
  const auto units = parse_units(path);
  owner.unit = units.unit;
  owner.user_unit = units.user_unit;
  return owner;
}

}  // namespace cgroup2::identity
