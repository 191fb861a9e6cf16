// SPDX-License-Identifier: Apache-2.0
// SavedState: what the tracker of OOM kills saves, so that a restart loses nothing and counts
// nothing twice. JSON, for people to read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "oom/kill_attribution.h"
#include "oom/ledger_content.h"

namespace cgroup2::oom {

struct SavedState {
  std::string boot_id;  ///< of /proc/sys/kernel/random/boot_id: counters begin anew with each boot
  std::uint64_t root = 0;  ///< inode of the topmost cgroup: another one is another hierarchy
  LedgerContent ledger;
  AttributionState attribution;

  friend bool operator==(const SavedState&, const SavedState&) = default;
};

/// Writes a state as text, without owners that had no kill; parse_state() reads it.
[[nodiscard]] std::string to_json(const SavedState& state);

/// Parses what to_json() wrote. Nothing if the text is no state: cut, of another version, or
/// something else.
[[nodiscard]] std::optional<SavedState> parse_state(std::string_view text);

}  // namespace cgroup2::oom
