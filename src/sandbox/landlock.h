// SPDX-License-Identifier: Apache-2.0
// Landlock: which files a thread may open: Documentation/userspace-api/landlock.rst of the kernel.
#pragma once

#include <string>
#include <vector>

namespace cgroup2::sandbox {

/// What may be opened. Paths that do not exist are left out.
struct FileRules {
  std::vector<std::string> readable{};  ///< files, and directories with all that is below
  std::vector<std::string> writable{};  ///< directories in which files may be replaced
  /// Directories below which files may be read and written, and neither made nor removed.
  std::vector<std::string> changeable{};
};

/// Lets the calling thread, and those that it starts, open nothing else. What is open stays open.
/// Needs no_new_privs or CAP_SYS_ADMIN. Returns 0 or an errno; ENOSYS or EOPNOTSUPP where the
/// kernel has no Landlock (before 5.13, or switched off).
[[nodiscard]] int restrict_files(const FileRules& rules);

}  // namespace cgroup2::sandbox
