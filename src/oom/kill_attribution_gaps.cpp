// SPDX-License-Identifier: Apache-2.0
// The step of the attribution that deals with cgroups that were missed: see oom/gaps.h.
#include <algorithm>
#include <limits>

#include "base/difference.h"
#include "oom/kill_attribution.h"

namespace cgroup2::oom {

using base::difference_or_zero;

bool KillAttribution::is_missed(std::uint64_t id, const KnownCgroup& known) const {
  if (known.generation != 0) return false;
  const bool was_unread = known.unread_since != 0 && known.unread_since < pass_;
  return was_unread || gaps_.may_have_been_missed(id);
}

// Of each observed cgroup, the kills that its children count and that will be found in them or
// below them.
std::vector<std::uint64_t> KillAttribution::expected_below(const PassState& pass) {
  const auto observations = pass.input.observations;
  std::vector<std::uint64_t> below(observations.size());
  for (std::size_t i = observations.size(); i-- > 0;) {
    const Observation& seen = observations[i];
    const KnownCgroup& known = known_[seen.cgroup.id];
    auto expected = below[i];
    if (seen.cgroup.generation != 0 && known.missed_in != pass_)
      expected = std::max(expected, difference_or_zero(known.total, known.explained));
    if (seen.parent_index != Observation::no_parent) below[seen.parent_index] += expected;
  }
  return below;
}

void KillAttribution::attribute_missed(PassState& pass) {
  if (pass.missed.empty() || pass.input.observations.empty()) return;
  auto below = expected_below(pass);
  for (const MissedCgroup& missed : pass.missed) {
    KnownCgroup& known = known_[missed.id];
    const auto own_below = known.counted_in == pass_ ? below[known.index] : 0;
    const auto above = nearest_counting(known.parent);
    auto& expected = below[above == 0 ? 0 : known_[above].index];
    const auto expected_elsewhere = difference_or_zero(expected, own_below);
    // What is open there may be of a cgroup that is still to be opened.
    const bool is_pending = above == 0 ? !pass.waiting.empty() : pass.waiting.contains(above);
    std::uint64_t open = 0;
    if (!is_pending && above != 0) {
      const KnownCgroup& ancestor = known_[above];
      open = difference_or_zero(difference_or_zero(ancestor.total, ancestor.explained),
                                expected_elsewhere);
    } else if (!is_pending) {
      open = pass.input.host_kills
                 ? difference_or_zero(host_before_.front(), counted_ + expected_elsewhere)
                 : std::numeric_limits<std::uint64_t>::max();
    }
    begin_at_open_kills(known, missed, open, own_below, pass.kills_after_totals[missed.id]);
    // An `oom` from before it was seen says nothing of the kills that are new.
    const bool is_limit_known = missed.local.oom == known.local.oom;
    known.local.oom = missed.local.oom;
    const auto kills = attribute_new(pass, missed.id, known, missed.local, missed.is_after_totals);
    if (kills > 0 && is_limit_known) pass.undecided.push_back({missed.id, kills, 0});
    if (kills > 0 && !is_limit_known)
      pass.result.limits.push_back({missed.id, kills, Limit::unknown, false});
    expected += std::max(own_below, difference_or_zero(missed.total, known.explained)) - own_below;
  }
}

}  // namespace cgroup2::oom
