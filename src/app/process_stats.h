// SPDX-License-Identifier: Apache-2.0
// Process stats: what the exporter itself costs, as the process_* metrics of Prometheus' client
// libraries have it: /proc/self (proc(5)).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "exposition/family.h"

namespace cgroup2::app {

/// Figures about this process; a member is empty if it could not be read.
struct ProcessStats {
  std::optional<double> cpu_seconds;  ///< user and system, since the start
  std::optional<double> resident_memory_bytes;
  std::optional<double> virtual_memory_bytes;
  std::optional<double> threads;
  std::optional<double> start_seconds;  ///< when it started, since the boot of the host
  std::optional<double> open_fds;
  std::optional<double> max_fds;  ///< the soft limit
};

/// Parses /proc/self/stat with the given sizes of a clock tick and a page. Pure.
[[nodiscard]] ProcessStats parse_process_stat(std::string_view stat, double ticks_per_second,
                                              double page_size);

/// Reads all figures of this process. Any thread.
[[nodiscard]] ProcessStats read_process_stats();

/// The figures as families. What could not be read is left out. `boot_time` is the Unix time of the
/// boot, in seconds. Pure.
[[nodiscard]] std::vector<exposition::Family> process_families(const ProcessStats& stats,
                                                               std::optional<double> boot_time);

}  // namespace cgroup2::app
