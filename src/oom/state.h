// SPDX-License-Identifier: Apache-2.0
// SavedState: what the tracker of OOM kills saves, so that a restart loses nothing and counts
// nothing twice. JSON, for people to read: a line for the whole, then one for each record, so that
// no more than a line is parsed at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "oom/kill_attribution.h"
#include "oom/ledger_content.h"

namespace cgroup2::oom {

/// Bounds the text, whatever the cgroups of tenants are called and whoever wrote the file.
inline constexpr std::size_t max_state_bytes = std::size_t{4} << 20;
/// Bound the number of records, and of owners among them: the shortest take 20 times their length
/// in memory.
inline constexpr std::size_t max_state_records = 40'000;
inline constexpr std::size_t max_state_owners = 15'000;

struct SavedState {
  std::string boot_id;  ///< of /proc/sys/kernel/random/boot_id: counters begin anew with each boot
  std::uint64_t root = 0;  ///< inode of the topmost cgroup: another one is another hierarchy
  LedgerContent ledger;
  AttributionState attribution;
  std::uint64_t newest_start = 0;  ///< the highest id of a container's cgroup that was counted

  friend bool operator==(const SavedState&, const SavedState&) = default;
};

struct StateText {
  std::string text;          ///< parse_state() reads it
  std::size_t left_out = 0;  ///< records for which there was no space
};

/// Writes a state as text of at most `max_bytes`, without owners that have no counts. If there is
/// no space for all of it, owners that are users' give way first, pods and containers last, and
/// among equals the longest. The kills of what is left out are in `forgotten`; if baselines are
/// left out, the last pass counts as partial: then no kill of these cgroups is counted twice.
[[nodiscard]] StateText write_state(const SavedState& state,
                                    std::size_t max_bytes = max_state_bytes);

/// Parses what write_state() wrote. Nothing if the text is no state: cut, too long, of another
/// version, or something else. A release that adds a name to a line keeps the version, so that an
/// older one still reads the rest; the version changes where that would count wrongly.
[[nodiscard]] std::optional<SavedState> parse_state(std::string_view text);

}  // namespace cgroup2::oom
