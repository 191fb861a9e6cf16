// SPDX-License-Identifier: Apache-2.0
// Candidates: removed cgroups that may have had a kill which nobody read in time. The rules are in
// docs/oom-accounting.md, "Kills that were read too late".
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

namespace cgroup2::oom {

/// One thread.
class Candidates {
 public:
  struct Candidate {
    std::uint64_t id = 0;
    std::uint64_t below = 0;  ///< id of the nearest ancestor that lives and counts
    int passes = 0;           ///< that began after it was removed
    bool has_sign = false;    ///< of a kill: its limit was not held, or it ended with an event
  };

  /// Forgets the oldest of 10,000 for another one: whoever makes and removes cgroups must not fill
  /// the memory.
  void add(const Candidate& candidate) {
    constexpr std::size_t max_candidates = 10'000;
    if (candidates_.size() == max_candidates) candidates_.pop_front();
    candidates_.push_back(candidate);
  }

  /// How kills that are known of below a cgroup are shared out.
  struct Shares {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> taken;  ///< candidate's id and its kills
    std::uint64_t unattributed = 0;                              ///< that no candidate can have
  };

  /// Shares out `kills` among the candidates below the cgroup `below`; those that get some, and
  /// those that cannot have had any, are candidates no more. Kills that are in neither part wait
  /// for the next pass. For the kills of a candidate to be among them for certain, `certain_after`
  /// passes must have begun after its removal. `hidden` more kills below may have been in the total
  /// already and were attributed to others.
  [[nodiscard]] Shares share_out(std::uint64_t below, std::uint64_t kills, std::uint64_t hidden,
                                 int certain_after);

  /// Ends a pass. `nearest(id)` gives the nearest ancestor that lives, `is_waiting(id)` whether
  /// what is below a cgroup could not be shared out in this pass. Forgets those that waited for
  /// more than six passes.
  template <class Nearest, class IsWaiting>
  void end_pass(Nearest&& nearest, IsWaiting&& is_waiting) {
    constexpr int max_passes = 6;
    std::erase_if(candidates_, [](const Candidate& each) { return each.passes > max_passes; });
    for (Candidate& each : candidates_) {
      if (!is_waiting(each.below)) ++each.passes;
      each.below = nearest(each.below);
    }
  }

 private:
  std::deque<Candidate> candidates_;  // the longest gone first
};

}  // namespace cgroup2::oom
