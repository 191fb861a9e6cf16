// SPDX-License-Identifier: Apache-2.0
// Observations: what is seen of the cgroups in a pass, by the walk and by the watcher.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "base/shared_text.h"
#include "oom/events.h"
#include "oom/last_memory.h"

namespace cgroup2::oom {

struct CgroupRef {
  std::uint64_t id = 0;      ///< inode of the directory; the kernel never uses one again
  std::uint64_t parent = 0;  ///< id; 0 for the root
  /// Inode of memory.events.local: a controller that is switched off and on again begins a new file
  /// with counters of 0. 0: the file could not be read, or there is none, as in the root.
  std::uint64_t generation = 0;

  friend bool operator==(const CgroupRef&, const CgroupRef&) = default;
};

/// A cgroup that the walk saw. Read in this order: memory.events, memory.events.local, and only
/// then the list of its children.
struct Observation {
  static constexpr std::size_t no_parent = std::numeric_limits<std::size_t>::max();

  CgroupRef cgroup;
  std::size_t parent_index = no_parent;  ///< among the observations, which have parents first
  base::SharedText path{};               ///< below the mount, raw bytes, "/" for the root
  Events total{};                        ///< memory.events
  Events local{};                        ///< memory.events.local
};

/// Stands for a report that never comes: see WatchReport::unwritten_since.
inline constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

/// A cgroup that the watcher knows and whose counters the walk did not read: removed, made after
/// the walk, or out of its sight.
struct LateObservation {
  CgroupRef cgroup;
  base::SharedText path{};
  Events local{};       ///< as read last
  LastMemory memory{};  ///< as read last
  bool is_gone = false;
  bool removed_before_pass = false;  ///< it was removed before the pass began
  bool was_opened = true;  ///< false: removed before it could be opened; `local` says nothing
  bool ended_with_event = false;  ///< removed right after its memory.events.local had changed
};

}  // namespace cgroup2::oom
