// SPDX-License-Identifier: Apache-2.0
//
// The part of the Account about gaps that last: cgroups beyond the bound on their number, those
// that an exporter saw nothing of before it was given more of the hierarchy, and files that could
// not be opened for a while. The kills of such a cgroup were charged as a rest of those above it,
// or of another, and must not be charged again when it comes to sight.
//
// Which ones these are is told by their ids, which rise: one that is older than the pass before the
// last, and yet was in none, was missed; so was, after a pass that is known to have gaps,
// everything that is new. Of its count as much is new as the nearest above that counts leaves open:
// what it counts beyond what is explained and beyond what is still to be found below its other
// children. The rest of its count, and of what it counts for those below it, is taken for
// explained. That may make kills a rest which could have been charged to the cgroup, and never more
// than there were.
#include <algorithm>

#include "oom/account.h"

namespace cgroup2::oom {

// Whatever is made while a pass runs has a later id than all that was seen before.
void Account::note_latest(std::span<const Sighting> sightings, std::span<const Glimpse> glimpses) {
  latest_before_ = latest_;
  for (const Sighting& sighting : sightings) latest_ = std::max(latest_, sighting.id);
  for (const Glimpse& glimpse : glimpses) {
    if (glimpse.generation != Glimpse::unread) latest_ = std::max(latest_, glimpse.id);
  }
}

// Whether its kills may have been a rest already.
bool Account::is_missed(std::uint64_t id, const Balance& balance) const {
  if (balance.generation != 0) return false;
  const bool was_unread = balance.unread_since != 0 && balance.unread_since < pass_;
  return was_partial_ || was_unread || id <= latest_before_;
}

void Account::take_missed(Verdict& verdict, std::span<const Sighting> sightings,
                          std::optional<std::uint64_t> host_kills,
                          const std::set<std::uint64_t>& waits) {
  if (missed_.empty() || sightings.empty()) return;
  std::set<std::uint64_t> missed_ids;
  for (const Missed& missed : missed_) missed_ids.insert(missed.id);
  // Of each what is to be found below it by others.
  std::vector<std::uint64_t> below(sightings.size());
  std::map<std::uint64_t, std::size_t> places;
  for (std::size_t i = sightings.size(); i-- > 0;) {
    const Sighting& sighting = sightings[i];
    places[sighting.id] = i;
    auto waiting = below[i];
    if (sighting.generation != 0 && !missed_ids.contains(sighting.id)) {
      const Balance& balance = balances_[sighting.id];
      waiting = std::max(waiting, difference_or_zero(balance.total, balance.explained));
    }
    if (sighting.parent != Sighting::no_parent) below[sighting.parent] += waiting;
  }
  for (const Missed& missed : missed_) {
    Balance& balance = balances_[missed.id];
    const auto place = places.find(missed.id);
    const auto own_below = place == places.end() ? 0 : below[place->second];
    const auto above = nearest(balance.parent);
    const bool is_host = above == root_id_of_nobody;
    auto& others = below[is_host ? 0 : places[above]];
    std::uint64_t open = std::numeric_limits<std::uint64_t>::max();
    if (!is_host) {
      const Balance& counting = balances_[above];
      open = difference_or_zero(difference_or_zero(counting.total, counting.explained),
                                difference_or_zero(others, own_below));
    } else if (host_kills) {
      // As for a rest of the host.
      open = difference_or_zero(host_before_.front(),
                                charged_ + difference_or_zero(others, own_below));
    }
    // What is open there may be of something that is still looked for.
    if (is_host ? !waits.empty() : waits.contains(above)) open = 0;
    // With what was charged below it for things seen after its count, which may hold these or not.
    const auto late = late_.find(missed.id);
    balance.explained = std::max(balance.explained, difference_or_zero(missed.total, open) +
                                                        (late == late_.end() ? 0 : late->second));
    const auto own = difference_or_zero(open, own_below);
    const auto forgo = [&](std::uint64_t now, std::uint64_t& before) {
      before = std::max(before, difference_or_zero(now, own));
    };
    forgo(missed.local.oom_kill, balance.local.oom_kill);
    forgo(missed.local.oom_group_kill, balance.local.oom_group_kill);
    balance.local.oom = missed.local.oom;
    take(verdict, missed.id, balance, missed.local, missed.is_late);
    const auto waiting = std::max(own_below, difference_or_zero(missed.total, balance.explained));
    others += waiting - own_below;
  }
}

}  // namespace cgroup2::oom
