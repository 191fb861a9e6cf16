// SPDX-License-Identifier: Apache-2.0
// PeakColumns: the columns of the highest use of memory and swap of the last while.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/log.h"
#include "base/read_errors.h"
#include "base/time.h"
#include "cgroup/interface.h"
#include "cgroup/samples.h"
#include "cgroup/selection.h"
#include "cgroup/tree.h"
#include "peaks/recent_peaks.h"
#include "snapshot/containers_first.h"
#include "snapshot/polled_cgroups.h"
#include "snapshot/snapshot.h"

namespace cgroup2::snapshot {

/// Belongs to the poller's thread. What it is made with must outlive it.
class PeakColumns {
 public:
  /// `run_opener` as for peaks::RecentPeaks.
  PeakColumns(const cgroup::Interface& interface, peaks::RunOpener run_opener,
              base::ReadErrors& errors, base::Log& log);

  /// Sets whether anything is read, the window, and how many cgroups are watched at most: two
  /// descriptors each. What was read before is forgotten where nothing is.
  void select(const cgroup::CollectorSet& enabled, std::chrono::milliseconds window,
              std::size_t max_cgroups);

  /// Reads the peaks of the exported cgroups, and adds samples, outcome and figures to the
  /// snapshot. Where they are too many, users' give way before services before workloads, and in
  /// these everything else before containers.
  void fill(const PolledCgroups& polled, Snapshot& snapshot);

  /// Ends a period that is over, between two calls of fill().
  void tick(base::TimePoint now) { recent_peaks_.tick(now); }

 private:
  void find_own(std::span<cgroup::Node* const> nodes);
  void choose(const PolledCgroups& polled);
  [[nodiscard]] std::array<bool, peaks::file_count> files_of(const cgroup::Node& node) const;

  const cgroup::Interface& interface_;
  peaks::RecentPeaks recent_peaks_;
  bool is_on_ = false;
  std::size_t max_cgroups_ = 0;
  std::optional<std::uint64_t> newest_;  // id at the last fill(); the kernel counts ids up
  ContainersFirst containers_first_;
  // Kept for their memory.
  std::vector<const cgroup::Node*> wanted_;
  std::vector<peaks::CgroupToWatch> to_watch_;
  std::vector<cgroup::CgroupIndex> watched_indices_;
  std::vector<peaks::RecentValues> values_;
};

}  // namespace cgroup2::snapshot
