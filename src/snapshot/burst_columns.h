// SPDX-License-Identifier: Apache-2.0
// BurstColumns: the column of bursts of pressure.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/read_errors.h"
#include "cgroup/interface.h"
#include "cgroup/label_table.h"
#include "cgroup/samples.h"
#include "cgroup/selection.h"
#include "cgroup/tree.h"
#include "pressure/burst_counter.h"
#include "snapshot/containers_first.h"
#include "snapshot/polled_cgroups.h"
#include "snapshot/snapshot.h"

namespace cgroup2::snapshot {

/// Belongs to the poller's thread. What it is made with must outlive it.
class BurstColumns {
 public:
  /// `begin` is called first by the thread that counts; there is none if it is empty.
  BurstColumns(const cgroup::Interface& interface, std::function<void()> begin,
               base::ReadErrors& errors, base::Log& log)
      : interface_(interface), begin_(std::move(begin)), counter_(errors, log) {}

  /// Starts that thread. Before it nothing is counted and there are no samples.
  void start();

  /// Sets whether bursts are counted, what a burst is, and of how many cgroups: three descriptors
  /// each.
  void select(const cgroup::CollectorSet& enabled, const pressure::BurstSettings& settings,
              std::size_t max_cgroups);

  /// Watches the exported cgroups, containers first, and adds samples, outcome and figures to the
  /// snapshot.
  void fill(const PolledCgroups& polled, cgroup::LabelTable& labels, Snapshot& snapshot);

 private:
  void choose(const PolledCgroups& polled);
  void add_samples(cgroup::LabelTable& labels, cgroup::Columns& columns) const;

  const cgroup::Interface& interface_;
  const std::function<void()> begin_;
  pressure::BurstCounter counter_;
  bool is_started_ = false;
  bool is_on_ = false;
  std::size_t max_cgroups_ = 0;
  ContainersFirst containers_first_;
  // Kept for their memory.
  std::vector<const cgroup::Node*> wanted_;
  std::vector<pressure::CgroupWithPressure> to_watch_;
  std::vector<cgroup::CgroupIndex> watched_indices_;
  std::vector<pressure::BurstCounts> counts_;
};

}  // namespace cgroup2::snapshot
