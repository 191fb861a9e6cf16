// SPDX-License-Identifier: Apache-2.0
// KillAttribution: which OOM kills are new, in which cgroup they happened, and whose limit they
// enforced. Pure; docs/oom-accounting.md explains the rules, with an example.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "oom/candidates.h"
#include "oom/gaps.h"
#include "oom/known_cgroups.h"
#include "oom/limit_decisions.h"
#include "oom/observation.h"

namespace cgroup2::oom {

/// What a pass saw. The observations were made first, in their order; all else after them.
struct PassInput {
  /// oom_kill of /proc/vmstat, read before everything else; nothing if it cannot be read.
  std::optional<std::uint64_t> host_kills;
  std::span<const Observation> observations;  ///< the root first
  std::span<const LateObservation> late;      ///< parents need not be among them
  /// Ids of cgroups below which something may live that is in neither: what they and their
  /// ancestors count beyond what is explained waits.
  std::span<const std::uint64_t> pending;
  std::span<const LoggedLimit> logged;  ///< by the kernel's log, since the last pass
  /// There are cgroups that could not be seen at all and may come to sight in the next pass.
  bool is_partial = false;
};

/// Kills that happened in a cgroup itself.
struct AttributedKills {
  std::uint64_t id = 0;
  std::uint64_t kills = 0;
  std::uint64_t group_kills = 0;

  friend bool operator==(const AttributedKills&, const AttributedKills&) = default;
};

/// Kills somewhere below a cgroup, in cgroups that were gone before anybody could look.
struct UnattributedKills {
  std::uint64_t id = 0;
  std::uint64_t kills = 0;

  friend bool operator==(const UnattributedKills&, const UnattributedKills&) = default;
};

/// What a pass found.
struct Attribution {
  std::vector<AttributedKills> attributed;
  std::vector<UnattributedKills> unattributed;
  std::vector<KillsByLimit> limits;  ///< of the attributed kills of this pass or the one before
};

/// What is saved across a restart.
struct AttributionState {
  /// Of cgroups that are not all 0, or could not be read. By id.
  std::map<std::uint64_t, Baseline> baselines;
  std::uint64_t counted = 0;  ///< all kills so far, attributed or not
  bool was_partial = false;   ///< see PassInput

  friend bool operator==(const AttributionState&, const AttributionState&) = default;
};

/// One thread.
class KillAttribution {
 public:
  /// Takes one pass.
  [[nodiscard]] Attribution settle(const PassInput& input);

  /// Whether there was a pass, also one before a restart: what the first one finds happened before.
  [[nodiscard]] bool has_earlier_pass() const { return has_earlier_pass_; }

  /// Whether another pass is needed to decide whose limit kills of the last one enforced.
  [[nodiscard]] bool has_undecided() const { return limits_.has_waiting(); }

  /// Gives up limits that are not decided, at the end.
  [[nodiscard]] std::vector<KillsByLimit> give_up_undecided() { return limits_.give_up(); }

  /// Whether the last pass was partial (see PassInput): a part of the state.
  [[nodiscard]] bool was_partial() const { return gaps_.was_partial(); }

  [[nodiscard]] AttributionState state() const;
  void restore(const AttributionState& state);

 private:
  /// Passes after which a kill that vmstat counts is in memory.events for certain: it is counted
  /// in vmstat first (oom_kill_process() in mm/oom_kill.c).
  static constexpr int host_passes = 3;

  struct PassState {
    const PassInput& input;
    Attribution result{};
    std::vector<MissedCgroup> missed{};        // parents first
    std::vector<AttributedKills> undecided{};  // their limits are still to be decided
    std::set<std::uint64_t> waiting{};         // ids whose remainders wait, with their ancestors
    std::map<std::uint64_t, std::uint64_t>
        kills_after_totals{};           // in it and below, read after its total
    std::uint64_t waiting_in_root = 0;  // kills that cgroups count and that wait
  };

  // The steps of a pass, in their order.
  void read_observations(PassState& pass);
  void begin_late_observations(PassState& pass);
  void attribute_late_observations(PassState& pass);
  void find_waiting(PassState& pass);
  void attribute_missed(PassState& pass);
  void settle_remainders(PassState& pass);
  void settle_host_remainder(PassState& pass);
  void decide_limits(PassState& pass);
  void end_pass(PassState& pass);

  void read_counters(PassState& pass, const Observation& seen, KnownCgroup& known);
  void begin_late(PassState& pass, const LateObservation& late);
  void attribute_read(PassState& pass, std::uint64_t id, KnownCgroup& known, const Events& local,
                      bool is_after_totals);
  std::uint64_t attribute_new(PassState& pass, std::uint64_t id, KnownCgroup& known,
                              const Events& local, bool is_after_totals);
  void settle_remainder(PassState& pass, std::uint64_t id, std::uint64_t kills, int certain_after);
  [[nodiscard]] std::vector<std::uint64_t> expected_below(const PassState& pass);
  [[nodiscard]] bool is_missed(std::uint64_t id, const KnownCgroup& known) const;
  [[nodiscard]] std::uint64_t nearest_counting(std::uint64_t id);
  void explain(std::uint64_t id, std::uint64_t kills);

  KnownCgroups known_;
  Candidates candidates_;
  Gaps gaps_;
  LimitDecisions limits_;
  std::uint64_t counted_ = 0;
  std::uint64_t pass_ = 1;  // what a restart restored is of a pass, too
  bool has_earlier_pass_ = false;
  std::array<std::uint64_t, host_passes - 1>
      host_before_{};  // kills of the host in the last passes
};

}  // namespace cgroup2::oom
