// SPDX-License-Identifier: Apache-2.0
// Opening a path below a directory that nothing leads out of, with openat2(2) and without it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/dir.h"
#include "base/fd.h"
#include "base/result.h"

namespace cgroup2::base {

/// Whether this process may call openat2(2): 0, else the errno that refuses it. Linux has it since
/// 5.6; seccomp filters that are older than it, or that look at the flags of open(2), answer ENOSYS
/// or EPERM. `root` must be open.
[[nodiscard]] int openat2_refusal(const Dir& root);

/// Opens what the path names with O_PATH; `flags` is 0, O_NOFOLLOW (a symbolic link in the last
/// place is opened itself) or O_DIRECTORY. The kernel resolves the path with `root` as "/", by
/// RESOLVE_IN_ROOT: one system call.
[[nodiscard]] Result<Fd> open_by_kernel(const Dir& root, const std::string& path, int flags);

/// Opens it in steps: each part of the path is opened in the directory before it, a link is read
/// and never followed by the kernel, and ".." goes back to the directory that was opened before. So
/// no rename in the meantime leads out of the root either. Two or three system calls for each part.
/// ELOOP for every link on procfs, ENAMETOOLONG deeper than 64 directories.
[[nodiscard]] Result<Fd> open_in_steps(const Dir& root, const std::string& path, int flags);

/// What is known of a root directory.
struct RootFacts {
  uid_t owner = 0;
  std::uint64_t device = 0;
};

/// The same where only the root's owner may decide where the path leads: every directory on the way
/// and every link must belong to that user, else EACCES. The last place may belong to anybody.
/// EXDEV where a place, the last one too, is in another file system than the root and that may
/// hang: nothing is looked up in it. Each other file system on the way costs a read of the list of
/// mounts.
[[nodiscard]] Result<Fd> open_in_steps_of(const Dir& root, const std::string& path,
                                          const RootFacts& root_facts);

}  // namespace cgroup2::base
