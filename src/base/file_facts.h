// SPDX-License-Identifier: Apache-2.0
// FileFacts: what is known of an open file without asking a server or a daemon for it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/fd.h"
#include "base/result.h"

namespace cgroup2::base {

struct FileFacts {
  mode_t mode = 0;
  uid_t owner = 0;
  std::uint64_t device = 0;
  std::uint64_t size = 0;
};

/// Returns what the kernel knows. Network file systems and FUSE may give old values instead of
/// waiting for an answer. An automount point is not mounted.
[[nodiscard]] Result<FileFacts> facts_of(const Fd& file);

/// Returns the number of the mount that a file was opened in; nothing if /proc does not tell.
[[nodiscard]] std::optional<std::uint64_t> mount_of(const Fd& file);

/// Whether operations on the file may wait for a server, a daemon or a mount: network file systems,
/// FUSE and autofs, and mounts that /proc/self/mountinfo does not have. Does not ask the file
/// system itself, which could hang. Reads the list of mounts.
[[nodiscard]] bool may_hang(const Fd& file);

/// Whether a file system of this type, as mountinfo calls it, may hang. Pure.
[[nodiscard]] bool may_hang_type(std::string_view type);

/// Whether a file system of this type, as mountinfo calls it, is on a disk of the host: it answers
/// by itself, without a server and a daemon, and only the host's root can mount one (none has
/// FS_USERNS_MOUNT), which makes it safe to enter in a container. Pure.
[[nodiscard]] bool is_disk_type(std::string_view type);

}  // namespace cgroup2::base
