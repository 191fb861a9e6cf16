// SPDX-License-Identifier: Apache-2.0
// Snapshot: one moment of all cgroups. Built by one thread, const and shared afterwards.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "cgroup/features.h"
#include "cgroup/reader.h"
#include "cgroup/samples.h"
#include "identity/lookup_counts.h"
#include "machine/machine.h"
#include "network/figures.h"
#include "oom/ledger_content.h"
#include "oom/tracker_figures.h"
#include "peaks/recent_peaks.h"
#include "pressure/burst_counter.h"
#include "snapshot/cgroup.h"

namespace cgroup2::snapshot {

/// How many cgroups of a subtree were dropped because of the bound.
struct DroppedBySubtree {
  std::string top;  ///< path, as a label value
  std::size_t dropped = 0;
};

struct Snapshot {
  base::TimePoint begun;                 ///< when the poll began: the values are no older
  std::chrono::nanoseconds duration{0};  ///< how long the poll took
  std::vector<std::shared_ptr<const Cgroup>> cgroups;  ///< by cgroup::CgroupIndex
  /// Keys of identity::Names::labels, as they were asked for; never nullptr.
  std::shared_ptr<const std::vector<std::string>> runtime_labels =
      std::make_shared<const std::vector<std::string>>();
  cgroup::Columns samples;
  std::shared_ptr<const std::vector<std::string>> labels;  ///< by cgroup::LabelId, escaped
  cgroup::CollectorSet enabled;
  catalog::MetricSet narrowed;  ///< of which /metrics shows what the set `lean` has
  cgroup::Outcomes outcomes{};
  std::vector<cgroup::FeatureState> features;
  std::size_t excluded = 0;     ///< cgroups that the filter left out
  std::size_t unpopulated = 0;  ///< cgroups that were left out because they have no processes
  std::size_t dropped = 0;      ///< cgroups beyond the bound
  std::vector<DroppedBySubtree> dropped_by_subtree;  ///< those with the most of them, ten at most
  std::size_t nameless = 0;  ///< containers that should have a pod name (Resolver::nameless)
  /// By file and reason, since the start.
  std::map<std::pair<std::string, std::string>, std::uint64_t> read_errors;
  cgroup::ColdFileMisses cold_file_misses{};  ///< since the start
  identity::LookupCounts lookups;             ///< since the start
  /// Of OOM kills; never nullptr, the same object while nothing changes.
  std::shared_ptr<const oom::LedgerContent> ledger = std::make_shared<const oom::LedgerContent>();
  oom::TrackerFigures tracker;  ///< of OOM kills
  network::NetworkFigures network;
  peaks::PeakFigures peaks;
  pressure::BurstFigures bursts;
  /// Facts of the host; never nullptr, the same object while nothing changes.
  std::shared_ptr<const machine::Machine> machine = std::make_shared<const machine::Machine>();
};

}  // namespace cgroup2::snapshot
