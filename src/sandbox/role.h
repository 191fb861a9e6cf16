// SPDX-License-Identifier: Apache-2.0
// Role: what a thread of the exporter does, and thereby which rights it keeps.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace cgroup2::sandbox {

enum class Role {
  main,           ///< reads the configuration again
  poller,         ///< walks and reads the hierarchy and the files of runtimes, saves the state
  prober,         ///< reads the namespaces of processes
  filesystems,    ///< asks how full file systems are
  peak_opener,    ///< opens memory.peak and memory.swap.peak to reset them
  burst_counter,  ///< reads how long tasks waited, from what is open
  watcher,        ///< watches cgroups for OOM kills, with the threads that open these
  http            ///< serves what the others made
};
inline constexpr std::size_t role_count = static_cast<std::size_t>(Role::http) + 1;

/// Returns the value of the label `thread`.
[[nodiscard]] constexpr std::string_view to_string(Role role) {
  constexpr auto words =
      std::to_array<std::string_view>({"main", "poller", "prober", "filesystems", "peak_opener",
                                       "burst_counter", "watcher", "http"});
  static_assert(words.size() == role_count);
  return words.at(static_cast<std::size_t>(role));
}

}  // namespace cgroup2::sandbox
