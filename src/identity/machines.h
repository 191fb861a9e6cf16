// SPDX-License-Identifier: Apache-2.0
// Machines: reads what systemd-machined registered, in /run/systemd/machines, which everybody may
// read.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/rooted.h"
#include "identity/names.h"

namespace cgroup2::identity {

/// Finds a machine by the unit of its cgroup: beside each machine's file is a link "unit:UNIT" to
/// it (systemd src/machine/machine.c, machine_save). Belongs to one thread.
class Machines {
 public:
  /// `host` must outlive this.
  explicit Machines(const base::Rooted& host) : host_(host) {}

  /// Reads the directory if it changed, and returns whether other machines are registered than at
  /// the last call.
  [[nodiscard]] bool refresh();

  /// Returns the machine whose unit this is, wherever that lies, and what follows the unit in the
  /// path as its subpath; units are not set. As the shape of the unit says it, else by the class
  /// and the service with which it was registered. Knows what the last refresh() knew.
  [[nodiscard]] std::optional<Workload> workload_of(std::string_view path,
                                                    std::string_view unit) const;

  /// Adds the machine's name to `names`. Reads the directory if it changed since the last call.
  /// Nothing for a workload without a unit.
  [[nodiscard]] std::optional<LookupResult> look(const NameQuery& query, Names& names);

 private:
  [[nodiscard]] LookupResult read_links();
  [[nodiscard]] Workload describe(std::string_view unit, const std::string& machine) const;

  const base::Rooted& host_;
  std::uint64_t stamp_ = 0;
  LookupResult state_ = LookupResult::absent;
  std::map<std::string, std::string, std::less<>> by_unit_;
  std::map<std::string, std::string, std::less<>> refreshed_;  // as of the last refresh()
};

}  // namespace cgroup2::identity
