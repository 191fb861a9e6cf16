// SPDX-License-Identifier: Apache-2.0
// KnownCgroups: what the attribution of kills remembers of each cgroup from pass to pass.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>

#include "oom/events.h"
#include "oom/ledger_content.h"

namespace cgroup2::oom {

/// The part that is saved: what the cgroup counted, and how much of that is explained.
struct Baseline {
  std::uint64_t parent = 0;      ///< id; 0 above the root
  std::uint64_t generation = 0;  ///< see CgroupRef; 0: its counters were never read
  Events local{};                ///< memory.events.local, as read last
  std::uint64_t total = 0;       ///< oom_kill of memory.events, as read last
  std::uint64_t explained = 0;   ///< kills counted in it and below it, attributed or not

  friend bool operator==(const Baseline&, const Baseline&) = default;
};

/// The part that is not saved. Passes have numbers from 1; 0: in none.
struct PassMarks {
  std::uint64_t alive_in = 0;       ///< the last pass that knew it alive
  std::uint64_t counted_in = 0;     ///< the last walk that read its counters
  std::size_t index = 0;            ///< among the observations of that walk
  std::uint64_t late_in = 0;        ///< the last pass that had it as a late observation
  std::uint64_t gone_in = 0;        ///< the pass that learnt that it is gone
  std::uint64_t missed_in = 0;      ///< the last pass that found that it had been missed
  std::uint64_t attributed_in = 0;  ///< the last pass that attributed kills of its own
  std::uint64_t unread_since = 0;   ///< the pass; 0: the last walk read it
  bool is_half_read = false;        ///< its memory.events was out of sight: missed once more
  std::uint64_t oom_in = 0;         ///< the last pass in which its `oom` had risen
  std::uint64_t limit_in = 0;       ///< the last pass that decided whose limit its kills enforced
  Limit limit = Limit::none;        ///< and whose that was
  std::uint64_t evidence_in = 0;    ///< the last pass in which there was evidence of that
  std::uint64_t logged_in = 0;      ///< the last pass in which the kernel's log told of its kills
  Limit logged = Limit::none;       ///< and whose limit it named
};

struct KnownCgroup : Baseline, PassMarks {};

/// By id. One thread.
class KnownCgroups {
 public:
  using Map = std::map<std::uint64_t, KnownCgroup>;

  [[nodiscard]] KnownCgroup& operator[](std::uint64_t id) { return cgroups_[id]; }
  [[nodiscard]] Map& map() { return cgroups_; }
  [[nodiscard]] const Map& map() const { return cgroups_; }

  /// Calls visit(id, cgroup) -> bool for a cgroup and everything above it that is known, until it
  /// is true. Returns the id at which it was, or 0. Ends although a state file may hold a circle.
  template <class Visit>
  std::uint64_t walk_up(std::uint64_t id, Visit&& visit) {
    std::size_t steps = cgroups_.size();
    for (auto at = cgroups_.find(id); at != cgroups_.end() && steps-- > 0;
         at = cgroups_.find(at->second.parent)) {
      if (visit(at->first, at->second)) return at->first;
    }
    return 0;
  }

 private:
  Map cgroups_;
};

}  // namespace cgroup2::oom
