// SPDX-License-Identifier: Apache-2.0
// Watched: a cgroup that is watched: its inotify(7) watch and its open memory.events.local.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/dir.h"
#include "base/fd.h"
#include "base/result.h"
#include "oom/events.h"
#include "oom/last_memory.h"

namespace cgroup2::oom {

inline constexpr const char* events_file = "memory.events.local";

struct Watched {
  using Clock = std::chrono::steady_clock;

  std::uint64_t id = 0;      ///< the directory's inode
  std::uint64_t parent = 0;  ///< id
  std::string path;          ///< below the mount, raw bytes, "/" for the root
  int watch = -1;
  base::Fd events;                 ///< memory.events.local; closed: it has none, or is gone
  std::uint64_t generation = 0;    ///< inode of that file; 0: it has none
  Events last;                     ///< as read last
  Clock::time_point last_event{};  ///< when the file changed last
  Clock::time_point burst_until{};
  std::optional<Clock::time_point> removed;  ///< when that was told
  Clock::time_point memory_read{};
  LastMemory memory;

  /// Reads the file. False once it is gone.
  bool read();
};

/// What begin_watch() found.
struct Beginning {
  Watched watched;
  /// Names of what was made in it before the watch, which told nobody.
  std::vector<std::string> children;
  bool lacks_descriptor = false;  ///< the file could not be opened for want of one
};

/// Path of a child.
[[nodiscard]] std::string child_path(std::string_view parent, std::string_view name);

/// A directory below `root` by path. If `id` is given, one of another inode is ENOENT: it was made
/// again under that name.
[[nodiscard]] base::Result<base::Dir> open_below(const base::Dir& root, const std::string& path,
                                                 std::optional<std::uint64_t> id);

/// Watches a cgroup: opens it, adds it to `inotify` and reads its counters. `id` as for
/// open_below(). Any thread; may wait for long, see Errands.
[[nodiscard]] base::Result<Beginning> begin_watch(const base::Dir& root, int inotify,
                                                  std::string path, std::uint64_t parent,
                                                  std::optional<std::uint64_t> id);

}  // namespace cgroup2::oom
