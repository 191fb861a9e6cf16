// SPDX-License-Identifier: Apache-2.0
#include "identity/machines.h"

#include <cerrno>
#include <vector>

#include "identity/components.h"

namespace cgroup2::identity {
namespace {

constexpr const char* directory = "run/systemd/machines";
constexpr std::size_t max_machines = 10'000;

}  // namespace

std::optional<Lookup> Machines::look(const NameQuery& query, Names& names) {
  const Workload& owner = query.owner;
  if (owner.unit.empty()) return std::nullopt;
  const Lookup state = refresh();
  const auto machine = by_unit_.find(owner.unit);
  if (machine == by_unit_.end()) return state == Lookup::found ? Lookup::absent : state;
  fill(names, {.machine = machine->second});
  return Lookup::found;
}

Lookup Machines::refresh() {
  const auto stamp = host_.stamp(directory);
  if (!stamp) {
    by_unit_.clear();
    stamp_ = 0;
    return lookup_of(stamp.error().code);
  }
  if (*stamp == stamp_) return state_;
  stamp_ = *stamp;
  by_unit_.clear();
  std::vector<std::string> links;
  const int error = host_.list(directory, max_machines, [&](std::string_view name) {
    if (name.starts_with("unit:")) links.emplace_back(name);
  });
  state_ = error == 0 || error == EFBIG ? Lookup::found : lookup_of(error);
  bool is_whole = state_ != Lookup::failed;
  for (const auto& link : links) {
    const auto machine = host_.read_link(std::string(directory) + '/' + link);
    if (machine) {
      by_unit_.try_emplace(link.substr(link.find(':') + 1), *machine);
    } else if (lookup_of(machine.error().code) == Lookup::failed) {
      is_whole = false;
    }
  }
  if (!is_whole) stamp_ = 0;  // for example out of descriptors: the next lookup tries again
  return state_;
}

}  // namespace cgroup2::identity
