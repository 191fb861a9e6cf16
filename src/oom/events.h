// SPDX-License-Identifier: Apache-2.0
// Events: what memory.events and memory.events.local say of OOM kills (cgroup-v2.rst, "Memory
// Interface Files").
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cgroup2::oom {

/// Counters since the file was made. memory.events counts the cgroup and its descendants, removed
/// ones too; memory.events.local the cgroup alone.
struct Events {
  std::uint64_t max = 0;       ///< the limit was reached
  std::uint64_t oom = 0;       ///< the limit could not be held; counted where the limit is
  std::uint64_t oom_kill = 0;  ///< processes killed, by any OOM killer; counted where they were
  std::uint64_t oom_group_kill = 0;  ///< kills of the whole cgroup at once; 0 before Linux 5.17

  friend bool operator==(const Events&, const Events&) = default;
};

/// Parses either file. Nothing if there is no oom_kill in it or its value is no number. Another
/// value that is no number counts as 0. Of a key that is repeated, the first line counts, as for
/// the samples of these files.
[[nodiscard]] std::optional<Events> parse_events(std::string_view text);

}  // namespace cgroup2::oom
