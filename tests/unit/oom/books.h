// SPDX-License-Identifier: Apache-2.0
// Passes over made-up observations, and the sums of what the attribution made of them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "oom/kill_attribution.h"

namespace cgroup2::oom::test {

using Counts = std::map<std::uint64_t, std::uint64_t>;

inline Observation root() { return {.cgroup = {.id = 1}}; }

/// A cgroup that the walk read; `parent_index` is its parent's among the observations.
inline Observation seen(std::uint64_t id, std::size_t parent_index, std::uint64_t total,
                        std::uint64_t local, std::uint64_t oom = 0) {
  return {.cgroup = {.id = id, .generation = id + 1000},
          .parent_index = parent_index,
          .total = {.oom_kill = total},
          .local = {.oom = oom, .oom_kill = local}};
}

/// One whose counters could not be read.
inline Observation unreadable(std::uint64_t id, std::size_t parent_index) {
  return {.cgroup = {.id = id}, .parent_index = parent_index};
}

inline LateObservation gone(std::uint64_t id, std::uint64_t parent, std::uint64_t kills) {
  return {.cgroup = {id, parent, id + 1000},
          .local = {.oom_kill = kills},
          .is_gone = true,
          .removed_before_pass = true};
}

/// The sums of all passes, by cgroup id.
class Books {
 public:
  void pass(std::optional<std::uint64_t> host, std::vector<Observation> observations,
            const std::vector<LateObservation>& late = {},
            const std::vector<std::uint64_t>& pending = {}, bool is_partial = false,
            const std::vector<LoggedLimit>& logged = {}) {
    for (Observation& each : observations) {
      if (each.parent_index != Observation::no_parent)
        each.cgroup.parent = observations[each.parent_index].cgroup.id;
    }
    last = attribution.settle({host, observations, late, pending, logged, is_partial});
    for (const auto& each : last.attributed) attributed[each.id] += each.kills;
    for (const auto& each : last.unattributed) unattributed[each.id] += each.kills;
    for (const auto& each : last.limits) by_limit[each.limit] += each.kills;
  }

  /// Goes on with an attribution that knows only what was saved.
  void restart() {
    const auto state = attribution.state();
    attribution = {};
    attribution.restore(state);
  }

  [[nodiscard]] std::uint64_t sum() const { return sum_of(attributed) + sum_of(unattributed); }
  [[nodiscard]] std::uint64_t limits() const { return sum_of(by_limit); }

  template <class Key>
  static std::uint64_t sum_of(const std::map<Key, std::uint64_t>& counts) {
    std::uint64_t sum = 0;
    for (const auto& [key, count] : counts) sum += count;
    return sum;
  }

  KillAttribution attribution;
  Attribution last;
  Counts attributed, unattributed;
  std::map<Limit, std::uint64_t> by_limit;
};

}  // namespace cgroup2::oom::test
