// SPDX-License-Identifier: Apache-2.0
// MemberRoot: the root directory of a process in a container, as /proc/PID/root shows it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/dir.h"
#include "base/fd.h"
#include "base/result.h"

namespace cgroup2::identity {

/// Whoever is in the container may change anything below it, and may mount file systems there that
/// make a reader wait for them (FUSE, and an overlay of FUSE). So no symbolic link is followed, and
/// a mount is entered only if its file system answers by itself: a local one that only the host's
/// root can mount, a tmpfs, or an overlay that the host has in its own list of mounts, where
/// runtimes mount the root directories of containers. Eight mounts are looked at, the first of them
/// that of the root; all others are not entered. Belongs to one thread.
class MemberRoot {
 public:
  /// Opens that of one of the cgroup's processes that lives in that mount namespace, after trying
  /// eight at most. ENOENT if there is none, EXDEV if the file system of the directory itself may
  /// not be entered. Needs ptrace access and a thread that Landlock does not restrict. `procfs` is
  /// the host's, with the numbers of our pid namespace.
  [[nodiscard]] static base::Result<MemberRoot> open(const base::Dir& cgroup,
                                                     const base::Dir& procfs,
                                                     std::uint64_t mount_namespace);

  /// Reads a regular file by its path below the directory, without a leading slash, up to `limit`
  /// bytes (EFBIG beyond). A link is ELOOP, a mount that may not be entered and ".." are EXDEV,
  /// anything else that is no regular file is EINVAL and not opened for reading.
  [[nodiscard]] base::Result<std::string> read(const std::string& path, std::size_t limit);

 private:
  // A place that may be looked into, and what tells that the next one is in the same file system.
  struct Passed {
    base::Fd fd;
    std::uint64_t device = 0;
    std::uint64_t mount = 0;
  };

  // No other mount gets the number while the holder is open.
  struct JudgedMount {
    base::Fd holder;
    std::uint64_t number = 0;
    bool may_enter = false;
  };

  MemberRoot() = default;
  [[nodiscard]] bool may_enter(const Passed& place);
  [[nodiscard]] base::Result<Passed> step(const Passed& from, const std::string& name);

  base::Dir process_;
  base::Dir init_;  // of the host
  Passed root_;
  std::vector<JudgedMount> judged_;
};

}  // namespace cgroup2::identity
