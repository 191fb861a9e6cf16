// SPDX-License-Identifier: Apache-2.0
// Where the cgroup2 hierarchy is mounted: /proc/self/mountinfo (proc_pid_mountinfo(5)).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/dir.h"
#include "base/result.h"

namespace cgroup2::cgroup {

/// A mount of type cgroup2.
struct Mount {
  std::string point;  ///< where it is mounted, escapes decoded
  std::string root;  ///< the part of the hierarchy that is mounted, relative to the reader's cgroup
                     ///< namespace: "/", "/..", "/a"
  std::string options;  ///< super options, for example "rw,nsdelegate,memory_recursiveprot"
};

/// What mountinfo says of cgroups.
struct Mounts {
  std::vector<Mount> v2;                    ///< the widest view of the hierarchy first
  std::vector<std::string> v1_controllers;  ///< controllers that are bound to a v1 hierarchy, as in
                                            ///< "memory"; not empty on a hybrid host
  bool has_v1 = false;
};

/// Parses the text of mountinfo. Lines that do not parse are left out. Octal escapes of mount
/// points are decoded. Pure.
///   41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw,nsdelegate
[[nodiscard]] Mounts parse_mounts(std::string_view mountinfo);

/// Reads and parses self/mountinfo below `procfs`. It is long on hosts with thousands of mounts.
[[nodiscard]] base::Result<Mounts> read_mounts(const base::Dir& procfs);

}  // namespace cgroup2::cgroup
