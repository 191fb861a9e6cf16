// SPDX-License-Identifier: Apache-2.0
// Describes a cgroup to the reader.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "base/dir.h"
#include "cgroup/interface.h"
#include "cgroup/samples.h"

namespace cgroup2::cgroup {

/// Holds a file that somebody else has read already, in this poll.
struct FileText {
  FileId file;
  std::string_view text;
};

/// Describes a cgroup to the reader. Parents stand before their children.
struct CgroupToRead {
  static constexpr std::size_t no_parent = std::numeric_limits<std::size_t>::max();
  static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

  const base::Dir* dir;
  std::span<const FileId> files;  ///< the interface files that its directory has
  std::string_view path;          ///< for log lines
  std::size_t parent;             ///< index among the cgroups, or no_parent
  CgroupIndex index;     ///< no_cgroup for a cgroup that is only read for its descendants' limits
  std::uint64_t id = 0;  ///< the kernel's; by it the cgroup is known again
  /// The first report of the watcher after which what was read of files with Changes::on_write is
  /// what they say still; `never` if nobody can tell.
  std::uint64_t unwritten_since = never;
  std::span<const FileText> texts{};  ///< these are not read again
  bool has_children = true;           ///< some files are read of parents only
};

}  // namespace cgroup2::cgroup
