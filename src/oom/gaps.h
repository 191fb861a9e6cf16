// SPDX-License-Identifier: Apache-2.0
// Gaps: which cgroups were there before a pass saw them (beyond the bound on their number, in a
// part of the hierarchy that was not given to the exporter, or unreadable), and which of their
// kills are new then: docs/oom-accounting.md, "Gaps".
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "base/difference.h"
#include "oom/known_cgroups.h"
#include "oom/observation.h"

namespace cgroup2::oom {

/// A cgroup with kills that passes before did not see.
struct MissedCgroup {
  std::uint64_t id = 0;
  std::uint64_t total = 0;  ///< oom_kill of memory.events
  Events local{};
  bool is_after_totals = false;  ///< `local` was read after the totals above it
};

/// One thread.
class Gaps {
 public:
  /// Whether a cgroup whose counters nobody had read may have been there before the last pass. Ids
  /// rise, and what is made while a pass runs has a later one than all that were seen before.
  [[nodiscard]] bool may_have_been_missed(std::uint64_t id) const {
    return was_partial_ || id <= latest_before_;
  }

  /// Ends a pass; `is_partial` if there were cgroups that it could not see.
  void end_pass(std::span<const Observation> observations, std::span<const LateObservation> late,
                bool is_partial) {
    was_partial_ = is_partial;
    latest_before_ = latest_;
    for (const auto& each : observations) latest_ = std::max(latest_, each.cgroup.id);
    for (const auto& each : late) {
      if (each.was_opened) latest_ = std::max(latest_, each.cgroup.id);
    }
  }

  [[nodiscard]] bool was_partial() const { return was_partial_; }

  /// Goes on after a restart. Cgroups whose counters were all 0 are not saved, so an id that is
  /// not known proves nothing then.
  void restore(bool was_partial) {
    was_partial_ = was_partial;
    latest_before_ = latest_ = 0;
  }

 private:
  std::uint64_t latest_before_ = 0;  // the latest id before the last pass
  std::uint64_t latest_ = 0;         // and at its end
  bool was_partial_ = false;
};

/// Sets the baseline of a missed cgroup so that only what is `open` above it counts as new: kills
/// that the nearest ancestor counts and that neither are explained nor will be found elsewhere
/// below it. `open_below` of them will be found below this cgroup. `kills_after_totals` were
/// attributed in it and below it after the totals were read. What is not open was counted as
/// unattributed before.
inline void begin_at_open_kills(KnownCgroup& known, const MissedCgroup& missed, std::uint64_t open,
                                std::uint64_t open_below, std::uint64_t kills_after_totals) {
  known.explained =
      std::max(known.explained, base::difference_or_zero(missed.total, open) + kills_after_totals);
  const auto own = base::difference_or_zero(open, open_below);
  const auto raise = [&](std::uint64_t& before, std::uint64_t now) {
    before = std::max(before, base::difference_or_zero(now, own));
  };
  raise(known.local.oom_kill, missed.local.oom_kill);
  raise(known.local.oom_group_kill, missed.local.oom_group_kill);
}

}  // namespace cgroup2::oom
