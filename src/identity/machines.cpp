// SPDX-License-Identifier: Apache-2.0
#include "identity/machines.h"

#include <cerrno>
#include <vector>

#include "base/text.h"
#include "identity/components.h"
#include "identity/paths.h"

namespace cgroup2::identity {
namespace {

constexpr const char* directory = "run/systemd/machines";
constexpr std::size_t max_machines = 10'000;
constexpr std::size_t max_registration = std::size_t{64} << 10;

// Finds the value of a key in a registration (systemd src/machine/machine.c, machine_save):
//   CLASS=container
std::string_view value_of(std::string_view registration, std::string_view key) {
  while (const auto line = base::next_line(registration)) {
    const auto value = between(*line, key, "");
    if (value && value->starts_with('=')) return value->substr(1);
  }
  return {};
}

// Returns what follows a component of that name in the path, or nothing if it has none.
std::optional<std::string_view> rest_after(std::string_view path, std::string_view name) {
  while (const auto component = next_component(path)) {
    if (*component == name) return path;
  }
  return std::nullopt;
}

}  // namespace

std::optional<LookupResult> Machines::look(const NameQuery& query, Names& names) {
  const Workload& workload = query.workload;
  if (workload.unit.empty()) return std::nullopt;
  const LookupResult state = read_links();
  const auto machine = by_unit_.find(workload.unit.view());
  if (machine == by_unit_.end()) return state == LookupResult::found ? LookupResult::absent : state;
  fill(names, {.machine = machine->second});
  return LookupResult::found;
}

bool Machines::refresh() {
  (void)read_links();
  if (refreshed_ == by_unit_) return false;
  refreshed_ = by_unit_;
  return true;
}

std::optional<Workload> Machines::workload_of(std::string_view path, std::string_view unit) const {
  const auto machine = refreshed_.find(unit);
  if (machine == refreshed_.end()) return std::nullopt;
  const auto subpath = rest_after(path, unit);
  if (!subpath) return std::nullopt;
  Workload workload = describe(unit, machine->second);
  workload.subpath = *subpath;
  return workload;
}

Workload Machines::describe(std::string_view unit, const std::string& machine) const {
  if (auto workload = parse_machine_unit(unit)) return *std::move(workload);
  const auto text = host_.read(std::string(directory) + '/' + machine, max_registration);
  const std::string_view registration = text ? std::string_view(*text) : std::string_view();
  if (value_of(registration, "CLASS") == "vm")
    return make_workload(WorkloadKind::vm, Runtime::qemu, machine);
  const bool is_lxc = value_of(registration, "SERVICE") == "libvirt-lxc";
  return make_workload(WorkloadKind::container, is_lxc ? Runtime::lxc : Runtime::nspawn, machine);
}

LookupResult Machines::read_links() {
  const auto stamp = host_.stamp(directory);
  if (!stamp) {
    by_unit_.clear();
    stamp_ = 0;
    return result_of(stamp.error().code);
  }
  if (*stamp == stamp_) return state_;
  stamp_ = *stamp;
  by_unit_.clear();
  std::vector<std::string> links;
  const int error = host_.list(directory, max_machines, [&](std::string_view name) {
    if (name.starts_with("unit:")) links.emplace_back(name);
  });
  state_ = error == 0 || error == EFBIG ? LookupResult::found : result_of(error);
  bool is_whole = state_ != LookupResult::failed;
  for (const auto& link : links) {
    const auto machine = host_.read_link(std::string(directory) + '/' + link);
    if (machine) {
      by_unit_.try_emplace(link.substr(link.find(':') + 1), *machine);
    } else if (result_of(machine.error().code) == LookupResult::failed) {
      is_whole = false;
    }
  }
  if (!is_whole) stamp_ = 0;  // for example out of descriptors: the next lookup tries again
  return state_;
}

}  // namespace cgroup2::identity
