// SPDX-License-Identifier: Apache-2.0
// Machines: what systemd-machined registered, in /run/systemd/machines, which everybody may read.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/rooted.h"
#include "identity/name_source.h"

namespace cgroup2::identity {

/// Answers by the unit of the cgroup: beside each machine's file is a link "unit:UNIT" to it
/// (systemd src/machine/machine.c, machine_save).
class Machines final : public NameSource {
 public:
  /// `host` must outlive this.
  explicit Machines(const base::Rooted& host) : host_(host) {}

  [[nodiscard]] std::optional<Lookup> look(const Question& question, Names& names) override;

 private:
  [[nodiscard]] Lookup refresh();

  const base::Rooted& host_;
  std::uint64_t stamp_ = 0;
  Lookup state_ = Lookup::absent;
  std::map<std::string, std::string> by_unit_;
};

}  // namespace cgroup2::identity
