// SPDX-License-Identifier: Apache-2.0
//
// Every OOM kill in a cgroup is counted by the kernel in several places at once: in
// memory.events.local of the cgroup, in memory.events of the cgroup and of each ancestor but the
// root, and in /proc/vmstat. When the cgroup is removed its own files go, those of the ancestors
// keep the count. So each kill is charged where it happened while somebody can still read that, and
// what a parent counts beyond all charges below it is the rest: kills in cgroups that nobody saw.
//
// A balance therefore has `explained`: how many kills were charged in the cgroup and below it. With
// a parent's memory.events read at t1, and the children listed and read later,
//
//   rest = total(t1) - explained(after the children)
//
// is never too large: every kill that total(t1) holds happened before t1, in a child that is in the
// list and whose own count, read after t1, holds it too, or in one that is not there any more. It
// may be too small by the kills after t1; the next pass, whose total holds these, finds what was
// missing. So nothing is charged twice, and when things are quiet everything is charged. (In the
// other order, children first, a kill in between would be a rest now and the child's later.)
//
// memcg_memory_event() adds to the cgroup before it adds to the ancestors, which is what this
// needs. But oom_kill_process() counts in vmstat before that: for an instant the host has a kill
// that no cgroup has. So of the host only kills that it had two passes ago are a rest.
//
// A cgroup that appears with kills had them after the last pass that could have seen them as a rest
// of its parent: it was not in the list of children, which was read after the parent's total. That
// wants lists without gaps. The kernel's have some: while entries are removed,
// kernfs_dir_next_pos() may skip one that stays. So the tree counts what it lists, and what the
// watcher knows beside it is a glimpse, and where it still looks for something no rest is charged.
// Gaps that last are in account_gaps.cpp.
//
// A rest has an owner after all where only so many can have it. Of a removed cgroup the final value
// may have come too late; a sign of the kill is that its limit could not be held, or that its
// counters changed right before it was removed. Without a sign it may still have been killed: the
// notification may come later than that of the removal. Suspects that were removed before the pass
// began have their kills in total(t1); of those that were removed later, nobody knows. So
//   one suspect alone below the rest takes all of it;
//   those with a sign take one kill each, the longest gone first, if that is possible: if all
//   suspects are no fewer than the kills, and those with a sign before the pass no more than the
//   kills and what was charged for things seen after t1, which may hide as many; those without take
//   one each of what is left if they are exactly as many.
// Who gets nothing waits for the next passes, whose totals hold more. Everything else is nobody's.
#include "oom/account.h"

#include <algorithm>
#include <set>
#include <utility>

namespace cgroup2::oom {
namespace {

bool has(const std::vector<std::uint64_t>& sorted, std::uint64_t id) {
  return std::ranges::binary_search(sorted, id);
}

}  // namespace

void Account::restore(std::map<std::uint64_t, Balance> balances, std::uint64_t charged,
                      bool was_partial) {
  balances_ = std::move(balances);
  for (auto& [id, balance] : balances_) {
    balance.charged_in = balance.glimpsed_in = 0;
    balance.is_half_read = false;
    balance.unread_since = balance.generation == 0 ? pass_ : 0;
  }
  charged_ = charged;
  was_partial_ = was_partial;
  // Those that were all 0 are not kept: who is not among the balances is no stranger.
  latest_before_ = latest_ = 0;
  host_before_ = {};
}

// Of the cgroup and everything above it.
void Account::explain(std::uint64_t id, std::uint64_t kills) {
  // A state file may hold any parents, a circle too.
  std::size_t steps = balances_.size();
  for (auto at = balances_.find(id); at != balances_.end() && steps-- > 0;
       at = balances_.find(at->second.parent)) {
    at->second.explained += kills;
  }
}

// Its own balance may be gone, those above the rest are not.
void Account::charge(Verdict& verdict, const Suspect& suspect, std::uint64_t kills) {
  verdict.charges.push_back({suspect.id, kills, 0, Limit::unknown});
  charged_ += kills;
  explain(suspect.below, kills);
}

// `passes` must have begun after a suspect was removed for its kills to be in the rest for certain.
void Account::charge_rest(Verdict& verdict, std::uint64_t id, std::uint64_t kills, int passes) {
  if (kills == 0) return;
  const auto is_certain = [&](const Suspect& suspect) {
    return suspect.below == id && suspect.passes >= passes;
  };
  std::uint64_t all = 0;
  std::uint64_t with_sign = 0;
  std::uint64_t without_sign = 0;
  for (const Suspect& suspect : suspects_) {
    if (suspect.below == id) ++all;
    if (is_certain(suspect)) ++(suspect.has_sign ? with_sign : without_sign);
  }
  const auto late = late_.find(id);
  const std::uint64_t hidden = late == late_.end() ? 0 : late->second;
  // Alone for more than a kill only if no other comes with the next pass.
  const bool is_alone = all == 1;
  if (is_alone && kills > 1 && with_sign + without_sign == 0) return;
  if (!is_alone && (kills > all || with_sign > kills + hidden)) {
    std::erase_if(suspects_, is_certain);
    verdict.rests.push_back({id, kills});
    charged_ += kills;
    explain(id, kills);
    return;
  }
  const bool is_of_all = kills == with_sign + without_sign;
  std::erase_if(suspects_, [&](const Suspect& suspect) {
    const bool is_chosen =
        is_alone ? suspect.below == id : is_certain(suspect) && (suspect.has_sign || is_of_all);
    if (!is_chosen || kills == 0) return false;
    const auto share = is_alone ? kills : 1;
    charge(verdict, suspect, share);
    kills -= share;
    return true;
  });
}

Limit Account::limit_of(std::uint64_t id) const {
  if (new_ooms_.contains(id)) return Limit::own;
  std::size_t steps = balances_.size();
  for (auto at = balances_.find(id); at != balances_.end() && steps-- > 0;
       at = balances_.find(at->second.parent)) {
    if (new_ooms_.contains(at->first)) return Limit::ancestor;
  }
  return Limit::none;
}

std::set<std::uint64_t> Account::with_ancestors(std::span<const std::uint64_t> ids) const {
  std::set<std::uint64_t> all;
  for (const auto id : ids) {
    for (auto at = balances_.find(id); at != balances_.end() && all.insert(at->first).second;
         at = balances_.find(at->second.parent)) {
    }
    all.insert(id);
  }
  return all;
}

void Account::take(Verdict& verdict, std::uint64_t id, Balance& balance, const Events& local,
                   bool is_late) {
  const Charge charge{id, difference_or_zero(local.oom_kill, balance.local.oom_kill),
                      difference_or_zero(local.oom_group_kill, balance.local.oom_group_kill)};
  if (local.oom > balance.local.oom) new_ooms_.insert(id);
  balance.local = local;
  if (charge.kills == 0 && charge.group_kills == 0) return;
  verdict.charges.push_back(charge);
  balance.charged_in = pass_;
  charged_ += charge.kills;
  explain(id, charge.kills);
  if (!is_late) return;
  std::size_t steps = balances_.size();
  for (auto at = balances_.find(id); at != balances_.end() && steps-- > 0;
       at = balances_.find(at->second.parent)) {
    late_[at->first] += charge.kills;
  }
}

Verdict Account::settle(std::optional<std::uint64_t> host_kills,
                        std::span<const Sighting> sightings, std::span<const Glimpse> glimpses,
                        std::span<const std::uint64_t> unsettled, bool is_partial) {
  Verdict verdict;
  ++pass_;
  living_.clear();
  new_ooms_.clear();
  late_.clear();
  missed_.clear();
  std::set<std::uint64_t> unreadable;
  for (const Sighting& sighting : sightings) {
    living_.push_back(sighting.id);
    Balance& balance = balances_[sighting.id];
    balance.parent =
        sighting.parent == Sighting::no_parent ? root_id_of_nobody : sightings[sighting.parent].id;
    if (sighting.generation == 0) {
      // Not to be read for the moment: then its kills are no rest. Or switched off.
      if (balance.unread_since == 0) balance.unread_since = pass_;
      const bool is_lost = pass_ - balance.unread_since >= host_passes;
      if (is_lost) balance.is_half_read = true;
      if (balance.generation != 0 && !is_lost) unreadable.insert(sighting.id);
      continue;
    }
    const bool was_missed = is_missed(sighting.id, balance) || balance.is_half_read;
    balance.unread_since = 0;
    balance.is_half_read = false;
    const bool is_reset = balance.generation != sighting.generation ||
                          sighting.local.oom_kill < balance.local.oom_kill ||
                          sighting.total.oom_kill < balance.total;
    if (is_reset) balance = {.parent = balance.parent, .generation = sighting.generation};
    balance.total = sighting.total.oom_kill;
    if (was_missed) {
      missed_.push_back({sighting.id, balance.total, sighting.local, true});
    } else {
      take(verdict, sighting.id, balance, sighting.local, true);
    }
  }
  take_glimpses(verdict, sightings, glimpses, unsettled);
  for (const Glimpse& glimpse : glimpses) {
    if (glimpse.is_gone) unreadable.erase(glimpse.id);
  }
  std::vector<std::uint64_t> waiting_for(unsettled.begin(), unsettled.end());
  waiting_for.insert(waiting_for.end(), unreadable.begin(), unreadable.end());
  const auto waits = with_ancestors(waiting_for);
  take_missed(verdict, sightings, host_kills, waits);

  // Of each what waits for the next pass in it and below: it is no rest of those above.
  std::vector<std::uint64_t> waiting(sightings.size());
  for (std::size_t i = sightings.size(); i-- > 0;) {
    const Sighting& sighting = sightings[i];
    const Balance& balance = balances_[sighting.id];
    const auto unexplained = [&] {
      return difference_or_zero(sighting.total.oom_kill, balance.explained);
    };
    if (sighting.generation != 0) {
      if (!waits.contains(sighting.id))
        charge_rest(verdict, sighting.id, difference_or_zero(unexplained(), waiting[i]), 1);
      waiting[i] = std::max(waiting[i], unexplained());
    }
    if (sighting.parent != Sighting::no_parent) waiting[sighting.parent] += waiting[i];
  }
  if (host_kills && !sightings.empty()) {
    charge_host_rest(verdict, *host_kills, sightings.front().id, waiting.front(), waits.empty());
  }
  for (Charge& charge : verdict.charges) {
    if (charge.limit != Limit::unknown) charge.limit = limit_of(charge.id);
  }

  // For the next pass.
  std::ranges::sort(living_);
  std::erase_if(suspects_, [](const Suspect& suspect) { return suspect.passes > most_passes; });
  for (Suspect& suspect : suspects_) {
    if (!waits.contains(suspect.below)) ++suspect.passes;
    std::size_t steps = balances_.size();
    while (!has(living_, suspect.below) && steps-- > 0)
      suspect.below = balances_[suspect.below].parent;
  }
  // What is still looked for may be one that was sighted: it must find its balance.
  std::erase_if(balances_, [&](const auto& balance) {
    return !has(living_, balance.first) && !waits.contains(balance.second.parent);
  });
  note_latest(sightings, glimpses);
  was_partial_ = is_partial;
  return verdict;
}

// The nearest that counts, of the cgroup and everything above it.
std::uint64_t Account::nearest(std::uint64_t id) const {
  std::size_t steps = balances_.size();
  for (auto at = balances_.find(id); at != balances_.end() && steps-- > 0;
       at = balances_.find(at->second.parent)) {
    if (has(counting_, at->first)) return at->first;
  }
  return root_id_of_nobody;
}

// What no cgroup counts of the kills that the host had two passes ago.
void Account::charge_host_rest(Verdict& verdict, std::uint64_t host_kills, std::uint64_t root,
                               std::uint64_t waiting, bool is_settled) {
  const auto rest = difference_or_zero(host_before_.front(), charged_ + waiting);
  if (is_settled) charge_rest(verdict, root, rest, host_passes);
  std::rotate(host_before_.begin(), host_before_.begin() + 1, host_before_.end());
  host_before_.back() = host_kills;
}

void Account::take_glimpses(Verdict& verdict, std::span<const Sighting> sightings,
                            std::span<const Glimpse> glimpses,
                            std::span<const std::uint64_t> unsettled) {
  std::set<std::uint64_t> missed;
  // Parents that were never sighted either must be there before their children are charged.
  for (const Glimpse& glimpse : glimpses) {
    Balance& balance = balances_[glimpse.id];
    const bool was_lost = balance.is_half_read && balance.glimpsed_in + 1 < pass_;
    const bool was_missed = is_missed(glimpse.id, balance) || was_lost;
    if (balance.generation == 0) {
      balance = {.parent = glimpse.parent,
                 .generation = glimpse.generation,
                 .explained = balance.explained,  // by those below it in this pass
                 .unread_since = balance.unread_since};
    }
    balance.glimpsed_in = pass_;
    if (!glimpse.is_gone) living_.push_back(glimpse.id);
    // What it counts for those below it was a rest of those above, if it is not just new.
    if (was_missed || was_partial_ || glimpse.id <= latest_before_) balance.is_half_read = true;
    if (was_missed) {
      missed_.push_back({glimpse.id, 0, glimpse.local, !glimpse.is_early});
      missed.insert(glimpse.id);
    }
  }
  counting_.clear();
  for (const Sighting& sighting : sightings) {
    if (sighting.generation != 0) counting_.push_back(sighting.id);
  }
  std::ranges::sort(counting_);
  const auto root = sightings.empty() ? root_id_of_nobody : sightings.front().id;
  std::set<std::uint64_t> parents(unsettled.begin(), unsettled.end());
  for (const Glimpse& glimpse : glimpses) parents.insert(glimpse.parent);
  for (const Glimpse& glimpse : glimpses) {
    Balance& balance = balances_[glimpse.id];
    const bool is_of_this = balance.generation == glimpse.generation &&
                            glimpse.local.oom_kill >= balance.local.oom_kill;
    if (!is_of_this) continue;
    const bool has_sign = glimpse.local.oom > balance.local.oom || glimpse.ended_with_event;
    // The sign of a kill that is charged, in this pass or just before, is one no more. And where
    // kills were below it, or others are gone with it, they are the suspects.
    const bool is_cleared = glimpse.local.oom_kill > balance.local.oom_kill ||
                            pass_ - balance.charged_in <= 1 ||
                            (!has_sign && (balance.explained > 0 || parents.contains(glimpse.id)));
    if (glimpse.is_gone && glimpse.generation != 0 && !is_cleared) {
      const auto below = nearest(glimpse.parent);
      suspects_.push_back({glimpse.id, below == root_id_of_nobody ? root : below,
                           glimpse.is_early ? 1 : 0, has_sign});
    }
    if (!missed.contains(glimpse.id))
      take(verdict, glimpse.id, balance, glimpse.local, !glimpse.is_early);
  }
}

}  // namespace cgroup2::oom
