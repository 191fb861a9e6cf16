// SPDX-License-Identifier: Apache-2.0
// LimitDecisions: whose limit a kill enforced. The rules are in docs/oom-accounting.md, "Whose
// limit it was".
#pragma once

#include <cstdint>
#include <vector>

#include "oom/known_cgroups.h"

namespace cgroup2::oom {

/// Kills of a cgroup by whose limit it was.
struct KillsByLimit {
  std::uint64_t id = 0;
  std::uint64_t kills = 0;
  Limit limit = Limit::none;
  /// They may go on with an OOM of which kills in the same cgroup were decided before.
  bool is_continued = false;

  friend bool operator==(const KillsByLimit&, const KillsByLimit&) = default;
};

/// What the kernel's log says of kills in a cgroup.
struct LoggedLimit {
  std::uint64_t id = 0;
  Limit limit = Limit::none;
};

/// One thread.
class LimitDecisions {
 public:
  /// Decides whose limit `kills` of the cgroup `id` enforced that were found in the pass `pass`, or
  /// leaves it to decide_waiting() in the next pass: that it was nobody's follows from the absence
  /// of evidence, and the walk read the ancestors before the cgroup.
  void decide(KnownCgroups& known, std::uint64_t id, std::uint64_t kills, std::uint64_t pass,
              std::vector<KillsByLimit>& decided);

  /// Decides in the pass `pass` what earlier ones left: `otherwise` if there is still no evidence.
  void decide_waiting(KnownCgroups& known, std::uint64_t pass, Limit otherwise,
                      std::vector<KillsByLimit>& decided);

  /// Gives up what is not decided.
  [[nodiscard]] std::vector<KillsByLimit> give_up();

  /// Ends a pass; `nearest(id)` gives the cgroup itself or its nearest ancestor that lives.
  template <class Nearest>
  void end_pass(Nearest&& nearest) {
    for (Waiting& each : waiting_) each.from = nearest(each.from);
  }

  [[nodiscard]] bool has_waiting() const { return !waiting_.empty(); }

 private:
  struct Waiting {
    std::uint64_t id;
    std::uint64_t kills;
    std::uint64_t pass;    // that found them
    std::uint64_t parent;  // of the cgroup
    std::uint64_t from;    // the cgroup, or its nearest ancestor that lives
  };

  std::vector<Waiting> waiting_;
};

}  // namespace cgroup2::oom
