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
#include "base/inotify.h"
#include "base/result.h"
#include "base/shared_text.h"
#include "base/time.h"
#include "oom/events.h"
#include "oom/last_memory.h"
#include "oom/observation.h"

namespace cgroup2::oom {

inline constexpr const char* events_local_file = "memory.events.local";

struct Watched {
  CgroupRef cgroup;
  base::SharedText path;  ///< below the mount, raw bytes, "/" for the root
  int watch = -1;
  base::Fd events;               ///< memory.events.local; closed: it has none, or is gone
  Events last;                   ///< as read last
  base::TimePoint last_event{};  ///< when the file changed last
  base::TimePoint reread_until{};
  std::optional<base::TimePoint> removed;  ///< when its removal was seen
  base::TimePoint memory_asked{};          ///< when its memory was asked for last
  bool is_memory_pending = false;          ///< and whether the answer is still to come
  LastMemory memory;
  std::optional<base::TimePoint> killed;  ///< when kills were seen first, since the last report
  std::uint64_t observed_in = 0;  ///< the last report whose walk saw it, or in which it was added
  std::uint64_t counted_in = 0;   ///< the last report whose walk read its counters
  std::uint64_t unwritten_since = 0;  ///< see WatchReport
};

/// Says whether an event of that file may mean that a setting of the cgroup changed. The kernel
/// tells of files of events and of triggers of pressure itself, processes come and go, and peaks
/// are reset.
[[nodiscard]] bool may_change_settings(std::string_view file);

/// Reads memory.events.local. False once the cgroup is gone.
bool read_events(Watched& watched);

/// Opens a directory below `root` by path. If `id` is not 0, one of another inode is ENOENT: it was
/// made again under that name.
[[nodiscard]] base::Result<base::Dir> open_below(const base::Dir& root,
                                                 const base::SharedText& path, std::uint64_t id);

struct OpenedCgroup {
  Watched watched;
  std::vector<std::string> children;  ///< names of those that were made before the watch
  bool lacks_descriptor = false;      ///< its file could not be opened for want of one
};

/// Opens the cgroup at `path`, watches it and reads its counters. `id` as for open_below(). Any
/// thread; may wait for long, see WorkerPool.
[[nodiscard]] base::Result<OpenedCgroup> open_watched(const base::Dir& root,
                                                      const base::Inotify& inotify,
                                                      const base::SharedText& path,
                                                      std::uint64_t id, std::uint64_t parent);

}  // namespace cgroup2::oom
