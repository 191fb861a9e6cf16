// SPDX-License-Identifier: Apache-2.0
// File stamps: what changes of a file when it is written, replaced or made readable.
#pragma once

#include <sys/types.h>

#include <ctime>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cgroup2::app {

struct FileStamp {
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  std::pair<time_t, long> modified{};  ///< seconds since 1970 and nanoseconds, as all times here
  std::pair<time_t, long> changed{};   ///< of the inode, which also tells of other rights

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// Returns the stamp of each file, in their order; nothing for one that is not there. Follows
/// links, as Kubernetes replaces what it mounts by another target of a link.
[[nodiscard]] std::vector<std::optional<FileStamp>> stamps_of(
    const std::vector<std::string>& files);

}  // namespace cgroup2::app
