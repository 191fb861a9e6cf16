// SPDX-License-Identifier: Apache-2.0
// Machines: reads what systemd-machined registered, in /run/systemd/machines, which everybody may
// read.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/rooted.h"
#include "identity/names.h"

namespace cgroup2::identity {

/// Finds a machine by the unit of its cgroup: beside each machine's file is a link "unit:UNIT" to
/// it (systemd src/machine/machine.c, machine_save). Belongs to one thread.
class Machines {
 public:
  /// `host` must outlive this.
  explicit Machines(const base::Rooted& host) : host_(host) {}

  /// Adds the machine's name to `names`. Reads the directory if it changed since the last call.
  /// Nothing for an owner without a unit.
  [[nodiscard]] std::optional<Lookup> look(const NameQuery& query, Names& names);

 private:
  [[nodiscard]] Lookup refresh();

  const base::Rooted& host_;
  std::uint64_t stamp_ = 0;
  Lookup state_ = Lookup::absent;
  std::map<std::string, std::string> by_unit_;
};

}  // namespace cgroup2::identity
