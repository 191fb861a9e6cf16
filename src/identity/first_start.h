// SPDX-License-Identifier: Apache-2.0
// First start: when the oldest process of a cgroup began, from /proc/PID/stat, which any user may
// read.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/dir.h"

namespace cgroup2::identity {

/// Parses the start of a process from its /proc/PID/stat, field 22 of proc_pid_stat(5): clock ticks
/// since the boot, time in suspend included. Nothing if the text has another form. The name of the
/// command may hold anything: the fields are counted from the last parenthesis. Pure.
///   4711 (a) R 1 b) S 1 4711 4711 0 -1 4194560 … 20 0 1 0 8901 …
[[nodiscard]] std::optional<std::uint64_t> parse_start(std::string_view stat);

/// Returns the earliest start of the first eight processes in cgroup.procs, where the kernel lists
/// the processes in the order in which they joined. Nothing if none could be read. The result is
/// right even if a pid is used again meanwhile; resolver.cpp explains why.
[[nodiscard]] std::optional<std::uint64_t> read_first_start(const base::Dir& cgroup,
                                                            const base::Dir& procfs);

}  // namespace cgroup2::identity
