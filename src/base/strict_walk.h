// SPDX-License-Identifier: Apache-2.0
// Opening a path in a directory that somebody else may change: nothing in it leads elsewhere.
#pragma once

#include <string>

#include "base/fd.h"
#include "base/result.h"

namespace cgroup2::base {

/// Opens with O_PATH what the path names below `top`. No link is followed (ELOOP), no other mount
/// is entered and nothing leads out (EXDEV). The kernel does that by RESOLVE_NO_SYMLINKS,
/// RESOLVE_NO_XDEV and RESOLVE_BENEATH of openat2(2): one system call.
[[nodiscard]] Result<Fd> open_strictly_by_kernel(const Fd& top, const std::string& path);

/// The same without openat2(2): each part of the path is opened in the one before it. ".." is
/// refused with EXDEV. Four or more system calls for each part.
[[nodiscard]] Result<Fd> open_strictly_in_steps(const Fd& top, const std::string& path);

}  // namespace cgroup2::base
