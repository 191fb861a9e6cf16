// SPDX-License-Identifier: Apache-2.0
// The lines of the state as JSON, each an object: what holds for the whole, then the records.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "oom/state.h"

namespace cgroup2::oom {

/// Bounds a line. A path has seldom more than 4,096 bytes, and a byte up to six characters.
inline constexpr std::size_t max_state_line = std::size_t{64} << 10;

/// What the first line says that is not as in the state where records are left out.
struct StateHead {
  std::size_t records = 0;
  std::uint64_t forgotten = 0;
  bool was_partial = false;
};

/// Return a line, without its end. It may be longer than the bound.
[[nodiscard]] std::string line_of(const SavedState& state, const StateHead& head);
[[nodiscard]] std::string line_of(const Owner& owner, const LedgerEntry& entry);
[[nodiscard]] std::string line_of(const std::string& cgroup, std::uint64_t kills);
[[nodiscard]] std::string line_of(std::uint64_t id, const Baseline& baseline);

/// Reads the first line into `state`. Returns the number of records, or nothing if it is not
/// exactly what would be written. In this line and the others names that are not known are
/// ignored, so that what a later version adds does not keep this one from reading the rest.
[[nodiscard]] std::optional<std::size_t> read_head(std::string_view line, SavedState& state);

/// Reads any other line into `state`. False if it is not exactly what would be written, or there
/// was one for the same cgroup, or the same one, before. Counts of one owner on several lines are
/// added up: a later version may have a label that tells them apart.
[[nodiscard]] bool read_record(std::string_view line, SavedState& state);

}  // namespace cgroup2::oom
