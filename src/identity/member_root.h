// SPDX-License-Identifier: Apache-2.0
// MemberRoot: the root directory of a process in a container, as /proc/PID/root shows it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "base/dir.h"
#include "base/fd.h"
#include "base/result.h"

namespace cgroup2::identity {

/// Whoever is in the container may change anything below it, and may mount file systems there that
/// make a reader wait for them (FUSE, and an overlay of FUSE). So no symbolic link is followed, and
/// a mount is entered only if its file system answers by itself: a local one that only the host's
/// root can mount, a tmpfs, or an overlay that the host has in its own list of mounts, where
/// runtimes mount the root directories of containers. Belongs to one thread.
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
  [[nodiscard]] base::Result<std::string> read(const std::string& path, std::size_t limit) const;

 private:
  // A place that may be looked into, and what tells that the next one is in the same file system.
  struct Passed {
    base::Fd fd;
    std::uint64_t device = 0;
    std::uint64_t mount = 0;
  };

  MemberRoot() = default;
  [[nodiscard]] bool may_enter(std::uint64_t mount, std::uint64_t device) const;
  [[nodiscard]] base::Result<Passed> step(const Passed& from, const std::string& name) const;

  Passed root_;
  std::map<std::uint64_t, std::string> types_;  // of the process's mounts, by their numbers
  std::set<std::uint64_t> overlays_;            // devices of the host's
};

}  // namespace cgroup2::identity
