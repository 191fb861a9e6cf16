// SPDX-License-Identifier: Apache-2.0
// Which file systems of the host are measured, and where this process reaches them. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cgroup2::machine {

/// No host has more series for its file systems.
inline constexpr std::size_t max_filesystems = 64;

/// A file system that the host has mounted.
struct HostMount {
  std::string device;                 ///< as Filesystem::device, raw bytes
  std::uint64_t number = 0;           ///< of the device, as st_dev
  bool has_own_numbers = false;       ///< st_dev of a file is another number (btrfs)
  std::vector<std::string> points{};  ///< where this process may find it; it may be covered there

  friend bool operator==(const HostMount&, const HostMount&) = default;
};

/// Chooses the file systems on disks (ext, xfs, btrfs, zfs, f2fs, bcachefs), one for each device,
/// and the tmpfs of the host, but those of pods and of containers. `host` is the mountinfo of the
/// host's first process, `own` that of this one: it says where a file system is reached, in a
/// container by any directory or file of it that was mounted there. One that is not mounted there
/// is left out, and so is a place on the way to which something is mounted that may hang: network
/// file systems, FUSE, automounts. Of more than max_filesystems those that come last are left out,
/// tmpfs first.
[[nodiscard]] std::vector<HostMount> choose_mounts(std::string_view host, std::string_view own);

}  // namespace cgroup2::machine
