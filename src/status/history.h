// SPDX-License-Identifier: Apache-2.0
// History: earlier readings of the counters, of which the page makes rates.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/time.h"
#include "snapshot/snapshot.h"
#include "status/page_metrics.h"

namespace cgroup2::status {

/// How fast the counters of a snapshot rose.
struct CounterRates {
  /// Over how long; nothing if there is no earlier reading.
  std::optional<std::chrono::nanoseconds> window;
  /// Per second, counters only, by cgroup::CgroupIndex of the snapshot. Absent for a cgroup that is
  /// new, and where the counter was reset meanwhile.
  std::vector<Values> per_second;
};

/// Keeps two readings. Any thread.
class History {
 public:
  /// Shorter windows show noise: cpu.stat moves in ticks.
  static constexpr std::chrono::seconds min_window{1};

  /// Takes the counters of a snapshot, after each poll.
  void note(const snapshot::Snapshot& snapshot);

  /// Returns the rates since the newest reading that is at least min_window older than the
  /// snapshot.
  [[nodiscard]] CounterRates rates(const snapshot::Snapshot& snapshot) const;

 private:
  struct Reading {
    base::TimePoint begun;
    std::vector<std::uint64_t> ids;                                  // by cgroup::CgroupIndex
    std::array<std::vector<cgroup::Sample>, counter_count> columns;  // by PageMetric
  };

  [[nodiscard]] std::shared_ptr<const Reading> find_before(base::TimePoint begun) const;

  mutable std::mutex mutex_;  // guards the following
  std::shared_ptr<const Reading> newer_, older_;
};

}  // namespace cgroup2::status
