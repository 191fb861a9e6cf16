// SPDX-License-Identifier: Apache-2.0
// Pid list: cgroup.procs or its beginning, and the processes that it names.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/dir.h"
#include "base/result.h"

namespace cgroup2::base {

/// Reads the beginning of cgroup.procs into `buffer`: whole lines. It has the processes that were
/// attached first, which are enough: the file may have every process of the host.
[[nodiscard]] Result<std::string_view> read_pids(const Dir& cgroup, std::span<char> buffer);

/// Reads all of cgroup.procs into `buffer`, which is made longer as needed and kept for its memory.
/// EFBIG for a MiB or more.
[[nodiscard]] Result<std::string_view> read_all_pids(const Dir& cgroup, std::vector<char>& buffer);

/// Adds each pid of the list to `pids`.
void append_pids(std::string_view list, std::vector<std::uint64_t>& pids);

/// Says whether a line of the list is that pid.
[[nodiscard]] bool is_listed(std::string_view pids, std::uint64_t wanted);

/// Opens /proc/PID. ENOENT if there is no such process.
[[nodiscard]] Result<Dir> open_process(const Dir& procfs, std::uint64_t pid);

}  // namespace cgroup2::base
