// SPDX-License-Identifier: Apache-2.0
// What the tracker of OOM kills and its watcher say of themselves.
#pragma once

#include <cstddef>
#include <cstdint>

namespace cgroup2::oom {

struct WatchFigures {
  std::size_t watched = 0;      ///< cgroups with a watch
  std::size_t unwatched = 0;    ///< cgroups without one, for want of watches or descriptors
  std::uint64_t overflows = 0;  ///< times that the queue of inotify was full, since the start
};

struct TrackerFigures {
  std::size_t owners = 0;         ///< in the ledger
  std::uint64_t evicted = 0;      ///< owners that were left out because there were too many
  WatchFigures watch;             ///< of the last pass
  bool reads_kernel_log = false;  ///< so that victims have names
  std::uint64_t log_losses = 0;   ///< records of the kernel's log that were lost, since the start
  std::uint64_t uncertain_victims = 0;  ///< in the kernel's log, whose cgroup was not certain
};

}  // namespace cgroup2::oom
