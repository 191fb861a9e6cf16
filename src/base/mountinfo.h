// SPDX-License-Identifier: Apache-2.0
// Lines of /proc/PID/mountinfo (proc_pid_mountinfo(5)). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cgroup2::base {

/// One mount. The texts are as the file has them: see decode_mount_text().
///   36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
struct MountLine {
  std::uint64_t device = 0;  ///< as st_dev; 0 if that is not given as two numbers
  std::string_view root;     ///< what is mounted, below the root of the file system
  std::string_view point;    ///< where it is mounted
  std::string_view type;     ///< of the file system
  std::string_view source;   ///< "/dev/sda1", or a name
  std::string_view options;  ///< of the file system, not of the mount
};

/// Parses a line. Nothing if it has too few fields.
[[nodiscard]] std::optional<MountLine> parse_mount_line(std::string_view line);

/// Decodes \040, \011, \012 and \134, by which the file writes blank, tab, newline and backslash.
[[nodiscard]] std::string decode_mount_text(std::string_view text);

}  // namespace cgroup2::base
