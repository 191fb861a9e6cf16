// SPDX-License-Identifier: Apache-2.0
// What /proc/PID says of the open files of one process and of its limits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/dir.h"
#include "base/result.h"

namespace cgroup2::processes {

/// Returns the soft limit of a row of /proc/PID/limits; nothing if that is unlimited or there is no
/// such row. Pure.
///   Max open files            1024                 524288               files
[[nodiscard]] std::optional<std::uint64_t> parse_soft_limit(std::string_view limits,
                                                            std::string_view row);

struct OpenFiles {
  std::uint64_t files = 0;
  std::uint64_t sockets = 0;
};

/// Counts the open files of a process, `limit` at most (EFBIG beyond), one system call for each.
/// EACCES without the right to (same user or CAP_SYS_PTRACE), ENOENT or ESRCH if it is gone.
[[nodiscard]] base::Result<OpenFiles> count_open_files(const base::Dir& process, std::size_t limit);

/// Returns how many open files a process has by the size of /proc/PID/fd, which Linux states since
/// 6.2, to any user. ENOENT or ESRCH if it is gone.
[[nodiscard]] base::Result<std::uint64_t> size_of_open_files(const base::Dir& process);

/// Whether the kernel states that size: this process has open files.
[[nodiscard]] bool states_open_files(const base::Dir& procfs);

}  // namespace cgroup2::processes
