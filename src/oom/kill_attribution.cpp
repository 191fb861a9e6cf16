// SPDX-License-Identifier: Apache-2.0
// Follows docs/oom-accounting.md: what a cgroup counts beyond what is explained in it and below it
// is never more than what happened, because its total is read before its children are listed.
#include "oom/kill_attribution.h"

#include <algorithm>
#include <utility>

namespace cgroup2::oom {

using base::difference_or_zero;

Attribution KillAttribution::settle(const PassInput& input) {
  PassState pass{input};
  ++pass_;
  read_observations(pass);
  begin_late_observations(pass);
  attribute_late_observations(pass);
  find_waiting(pass);
  attribute_missed(pass);
  settle_remainders(pass);
  settle_host_remainder(pass);
  decide_limits(pass);
  end_pass(pass);
  return std::move(pass.result);
}

void KillAttribution::read_observations(PassState& pass) {
  const auto observations = pass.input.observations;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const Observation& seen = observations[i];
    KnownCgroup& known = known_[seen.cgroup.id];
    known.parent = seen.cgroup.parent;
    if (seen.cgroup.generation != 0) {
      read_counters(pass, seen, known);
      known.counted_in = pass_;
      known.index = i;
    } else {
      if (known.unread_since == 0) known.unread_since = pass_;
      // It may be readable again soon; then its kills are its own. Or its controller is off.
      const bool is_lost = pass_ - known.unread_since >= host_passes;
      if (is_lost) known.is_half_read = true;
      if (known.generation != 0 && !is_lost) pass.waiting.insert(seen.cgroup.id);
    }
    known.alive_in = pass_;
  }
}

void KillAttribution::read_counters(PassState& pass, const Observation& seen, KnownCgroup& known) {
  const std::uint64_t id = seen.cgroup.id;
  const bool was_missed = is_missed(id, known) || known.is_half_read;
  known.unread_since = 0;
  known.is_half_read = false;
  const bool is_reset = known.generation != seen.cgroup.generation ||
                        seen.local.oom_kill < known.local.oom_kill ||
                        seen.total.oom_kill < known.total;
  if (is_reset)
    known = {{.parent = known.parent, .generation = seen.cgroup.generation}, PassMarks{}};
  known.total = seen.total.oom_kill;
  if (was_missed) {
    pass.missed.push_back({id, known.total, seen.local, true});
    known.missed_in = pass_;
  } else {
    attribute_read(pass, id, known, seen.local, true);
  }
}

// All of them before any is attributed: parents need not be observed themselves.
void KillAttribution::begin_late_observations(PassState& pass) {
  for (const LateObservation& late : pass.input.late) {
    if (late.was_opened) begin_late(pass, late);
  }
}

void KillAttribution::begin_late(PassState& pass, const LateObservation& late) {
  const std::uint64_t id = late.cgroup.id;
  KnownCgroup& known = known_[id];
  const bool was_lost = known.is_half_read && known.late_in + 1 < pass_;
  const bool was_missed = is_missed(id, known) || was_lost;
  if (known.generation == 0) {
    known = {{.parent = late.cgroup.parent,
              .generation = late.cgroup.generation,
              .explained = known.explained},  // by those below it, in this pass
             {.alive_in = known.alive_in, .unread_since = known.unread_since}};
  }
  known.late_in = pass_;
  if (late.is_gone) {
    pass.waiting.erase(id);
    known.gone_in = pass_;
  }
  if (!late.is_gone) known.alive_in = pass_;
  // What it counts for those below it was unattributed above it, unless it has just been made.
  if (was_missed || gaps_.may_have_been_missed(id)) known.is_half_read = true;
  if (was_missed) {
    pass.missed.push_back({id, 0, late.local, !late.removed_before_pass});
    known.missed_in = pass_;
  }
}

void KillAttribution::attribute_late_observations(PassState& pass) {
  const auto& input = pass.input;
  std::set<std::uint64_t> parents(input.pending.begin(), input.pending.end());
  for (const LateObservation& late : input.late) parents.insert(late.cgroup.parent);
  const auto add = [&](const LateObservation& late, bool has_sign) {
    const auto counting = nearest_counting(late.cgroup.parent);
    const auto root = input.observations.empty() ? 0 : input.observations.front().cgroup.id;
    candidates_.add({late.cgroup.id, counting == 0 ? root : counting,
                     late.removed_before_pass ? 1 : 0, has_sign});
  };
  for (const LateObservation& late : input.late) {
    const std::uint64_t id = late.cgroup.id;
    KnownCgroup& known = known_[id];
    if (!late.was_opened) {  // but the walk may have read it before
      if (known.attributed_in + 1 < pass_ && known.explained == 0) add(late, false);
      known.gone_in = pass_;
      continue;
    }
    if (known.generation != late.cgroup.generation || late.local.oom_kill < known.local.oom_kill) {
      continue;
    }
    const bool has_sign = late.local.oom > known.local.oom || late.ended_with_event;
    // The sign of a kill that is attributed, in this pass or just before, is a sign no more. And
    // without one it is no candidate where kills were counted in it or below it, or where what was
    // in it is gone with it.
    const bool was_attributed =
        late.local.oom_kill > known.local.oom_kill || known.attributed_in + 1 >= pass_;
    const bool others_may_have_it = known.explained > 0 || parents.contains(id);
    const bool is_candidate = late.is_gone && late.cgroup.generation != 0 && !was_attributed &&
                              (has_sign || !others_may_have_it);
    if (is_candidate) add(late, has_sign);
    if (known.missed_in != pass_)
      attribute_read(pass, id, known, late.local, !late.removed_before_pass);
  }
}

void KillAttribution::attribute_read(PassState& pass, std::uint64_t id, KnownCgroup& known,
                                     const Events& local, bool is_after_totals) {
  const auto kills = attribute_new(pass, id, known, local, is_after_totals);
  if (kills > 0) pass.undecided.push_back({id, kills, 0});
}

std::uint64_t KillAttribution::attribute_new(PassState& pass, std::uint64_t id, KnownCgroup& known,
                                             const Events& local, bool is_after_totals) {
  const AttributedKills fresh{id, difference_or_zero(local.oom_kill, known.local.oom_kill),
                              difference_or_zero(local.oom_group_kill, known.local.oom_group_kill)};
  if (local.oom > known.local.oom) known.oom_in = pass_;
  known.local = local;
  if (fresh.kills == 0 && fresh.group_kills == 0) return 0;
  pass.result.attributed.push_back(fresh);
  known.attributed_in = pass_;
  counted_ += fresh.kills;
  explain(id, fresh.kills);
  if (is_after_totals) {
    (void)known_.walk_up(id, [&](std::uint64_t at, const KnownCgroup&) {
      pass.kills_after_totals[at] += fresh.kills;
      return false;
    });
  }
  return fresh.kills;
}

void KillAttribution::explain(std::uint64_t id, std::uint64_t kills) {
  (void)known_.walk_up(id, [&](std::uint64_t, KnownCgroup& cgroup) {
    cgroup.explained += kills;
    return false;
  });
}

// The nearest of the cgroup and its ancestors whose counters the walk read; 0: none.
std::uint64_t KillAttribution::nearest_counting(std::uint64_t id) {
  return known_.walk_up(
      id, [&](std::uint64_t, const KnownCgroup& cgroup) { return cgroup.counted_in == pass_; });
}

void KillAttribution::find_waiting(PassState& pass) {
  std::vector<std::uint64_t> ids(pass.waiting.begin(), pass.waiting.end());
  ids.insert(ids.end(), pass.input.pending.begin(), pass.input.pending.end());
  for (const std::uint64_t id : ids) {
    pass.waiting.insert(id);
    (void)known_.walk_up(id, [&](std::uint64_t at, const KnownCgroup&) {
      pass.waiting.insert(at);
      return false;
    });
  }
}

void KillAttribution::settle_remainders(PassState& pass) {
  const auto observations = pass.input.observations;
  // Of each what waits for the next pass in it and below: it is no remainder of those above.
  std::vector<std::uint64_t> waiting(observations.size());
  for (std::size_t i = observations.size(); i-- > 0;) {
    const Observation& seen = observations[i];
    if (seen.cgroup.generation != 0) {
      const KnownCgroup& known = known_[seen.cgroup.id];
      const auto unexplained = [&] { return difference_or_zero(known.total, known.explained); };
      if (!pass.waiting.contains(seen.cgroup.id))
        settle_remainder(pass, seen.cgroup.id, difference_or_zero(unexplained(), waiting[i]), 1);
      waiting[i] = std::max(waiting[i], unexplained());
    }
    if (seen.parent_index != Observation::no_parent) waiting[seen.parent_index] += waiting[i];
  }
  if (!waiting.empty()) pass.waiting_in_root = waiting.front();
}

// Of the kills that the host had two passes ago, those that no cgroup counts.
void KillAttribution::settle_host_remainder(PassState& pass) {
  const auto& input = pass.input;
  if (!input.host_kills || input.observations.empty()) return;
  const auto remainder = difference_or_zero(host_before_.front(), counted_ + pass.waiting_in_root);
  if (pass.waiting.empty())
    settle_remainder(pass, input.observations.front().cgroup.id, remainder, host_passes);
  std::rotate(host_before_.begin(), host_before_.begin() + 1, host_before_.end());
  host_before_.back() = *input.host_kills;
}

void KillAttribution::settle_remainder(PassState& pass, std::uint64_t id, std::uint64_t kills,
                                       int certain_after) {
  if (kills == 0) return;
  const auto hidden = pass.kills_after_totals.find(id);
  const auto shares = candidates_.share_out(
      id, kills, hidden == pass.kills_after_totals.end() ? 0 : hidden->second, certain_after);
  const auto take = [&](std::uint64_t share) {
    counted_ += share;
    explain(id, share);
  };
  for (const auto& [candidate, share] : shares.taken) {
    pass.result.attributed.push_back({candidate, share, 0});
    pass.result.limits.push_back({candidate, share, Limit::unknown, false});
    take(share);
  }
  if (shares.unattributed == 0) return;
  pass.result.unattributed.push_back({id, shares.unattributed});
  take(shares.unattributed);
}

void KillAttribution::decide_limits(PassState& pass) {
  auto& decided = pass.result.limits;
  // Below the root of the exporter's view there may be limits above it that it cannot see.
  const auto& seen = pass.input.observations;
  const bool sees_root = seen.empty() || seen.front().cgroup.generation == 0;
  const Limit otherwise = sees_root ? Limit::none : Limit::unknown;
  limits_.decide_waiting(known_, pass_, otherwise, decided);
  for (const LoggedLimit& logged : pass.input.logged) {
    KnownCgroup& known = known_[logged.id];
    known.logged = logged.limit;
    known.logged_in = pass_;
  }
  for (const auto& each : pass.undecided)
    limits_.decide(known_, each.id, each.kills, pass_, decided);
  if (std::exchange(has_earlier_pass_, true)) return;
  // What happened before the first pass of all is settled, and is evidence for nothing after it.
  limits_.decide_waiting(known_, pass_, otherwise, decided);
  for (auto& [id, known] : known_.map()) known.oom_in = known.limit_in = known.evidence_in = 0;
}

void KillAttribution::end_pass(PassState& pass) {
  const auto nearest_alive = [&](std::uint64_t id) {
    return known_.walk_up(
        id, [&](std::uint64_t, const KnownCgroup& cgroup) { return cgroup.alive_in == pass_; });
  };
  candidates_.end_pass(nearest_alive, [&](std::uint64_t id) { return pass.waiting.contains(id); });
  limits_.end_pass(nearest_alive);
  // A cgroup that is still to be opened may be one that was observed: it must find its baseline.
  // But whoever always has cgroups opened must not have what is gone remembered for ever.
  constexpr std::uint64_t max_passes_after_end = 8;
  std::erase_if(known_.map(), [&](const auto& each) {
    const KnownCgroup& known = each.second;
    const bool is_old = known.gone_in != 0 && known.gone_in + max_passes_after_end < pass_;
    return known.alive_in != pass_ && (is_old || !pass.waiting.contains(known.parent));
  });
  gaps_.end_pass(pass.input.observations, pass.input.late, pass.input.is_partial);
}

AttributionState KillAttribution::state() const {
  AttributionState state{{}, counted_, gaps_.was_partial()};
  for (const auto& [id, known] : known_.map()) {
    Baseline baseline = known;
    // As if its counters had never been read: it is missed once more.
    if (known.is_half_read) baseline.generation = 0;
    const bool is_zero = known.local == Events() && known.total == 0 && known.explained == 0;
    const bool is_unread =
        baseline.generation == 0 && (known.is_half_read || known.unread_since != 0);
    if (!is_zero || is_unread) state.baselines.emplace(id, baseline);
  }
  return state;
}

void KillAttribution::restore(const AttributionState& state) {
  known_ = {};
  for (const auto& [id, baseline] : state.baselines) {
    const std::uint64_t unread_since = baseline.generation == 0 ? pass_ : 0;
    known_[id] = {baseline, {.unread_since = unread_since}};
  }
  counted_ = state.counted;
  gaps_.restore(state.was_partial);
  has_earlier_pass_ = true;
  host_before_ = {};
}

}  // namespace cgroup2::oom
