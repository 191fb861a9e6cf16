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
// that no cgroup has. So a rest of the host is charged only as far as the pass before had seen it.
//
// A cgroup that appears with kills had them after the last pass that could have seen them as a rest
// of its parent: it was not in the list of children, which was read after the parent's total. That
// wants lists without gaps. The kernel's have some: while entries are removed,
// kernfs_dir_next_pos() may skip one that stays. So the tree counts what it lists, and what the
// watcher knows beside it is a glimpse.
#include "oom/account.h"

#include <algorithm>
#include <set>
#include <utility>

namespace cgroup2::oom {
namespace {

constexpr std::uint64_t root_id_of_nobody = 0;

std::uint64_t difference_or_zero(std::uint64_t a, std::uint64_t b) { return a > b ? a - b : 0; }

}  // namespace

void Account::restore(std::map<std::uint64_t, Balance> balances, std::uint64_t charged) {
  balances_ = std::move(balances);
  charged_ = charged;
  host_rest_ = 0;
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

Limit Account::limit_of(std::uint64_t id,
                        const std::map<std::uint64_t, std::uint64_t>& new_ooms) const {
  if (new_ooms.contains(id)) return Limit::own;
  std::size_t steps = balances_.size();
  for (auto at = balances_.find(id); at != balances_.end() && steps-- > 0;
       at = balances_.find(at->second.parent)) {
    if (new_ooms.contains(at->first)) return Limit::ancestor;
  }
  return Limit::none;
}

Verdict Account::settle(std::optional<std::uint64_t> host_kills,
                        std::span<const Sighting> sightings, std::span<const Glimpse> glimpses) {
  Verdict verdict;
  std::map<std::uint64_t, std::uint64_t> new_ooms;  // where a limit could not be held
  const auto take = [&](std::uint64_t id, Balance& balance, const Events& local) {
    const Charge charge{id, difference_or_zero(local.oom_kill, balance.local.oom_kill),
                        difference_or_zero(local.oom_group_kill, balance.local.oom_group_kill)};
    if (local.oom > balance.local.oom) new_ooms[id] = local.oom - balance.local.oom;
    balance.local = local;
    if (charge.kills == 0 && charge.group_kills == 0) return;
    verdict.charges.push_back(charge);
    charged_ += charge.kills;
    explain(id, charge.kills);
  };

  std::set<std::uint64_t> living;
  for (const Sighting& sighting : sightings) {
    living.insert(sighting.id);
    Balance& balance = balances_[sighting.id];
    balance.parent =
        sighting.parent == Sighting::no_parent ? root_id_of_nobody : sightings[sighting.parent].id;
    if (sighting.generation == 0) continue;
    const bool is_reset = balance.generation != sighting.generation ||
                          sighting.local.oom_kill < balance.local.oom_kill ||
                          sighting.total.oom_kill < balance.total;
    if (is_reset) balance = {.parent = balance.parent, .generation = sighting.generation};
    balance.total = sighting.total.oom_kill;
    take(sighting.id, balance, sighting.local);
  }

  // Parents that were never sighted either must be there before their children are charged.
  for (const Glimpse& glimpse : glimpses) {
    Balance& balance = balances_[glimpse.id];
    if (balance.generation == 0)
      balance = {.parent = glimpse.parent, .generation = glimpse.generation};
    if (!glimpse.is_gone) living.insert(glimpse.id);
  }
  for (const Glimpse& glimpse : glimpses) {
    Balance& balance = balances_[glimpse.id];
    const bool is_of_this = balance.generation == glimpse.generation &&
                            glimpse.local.oom_kill >= balance.local.oom_kill;
    if (is_of_this) take(glimpse.id, balance, glimpse.local);
  }

  for (Charge& charge : verdict.charges) charge.limit = limit_of(charge.id, new_ooms);

  for (std::size_t i = sightings.size(); i-- > 0;) {
    const Sighting& sighting = sightings[i];
    if (sighting.generation == 0) continue;
    const auto kills =
        difference_or_zero(sighting.total.oom_kill, balances_[sighting.id].explained);
    if (kills == 0) continue;
    verdict.rests.push_back({sighting.id, kills});
    charged_ += kills;
    explain(sighting.id, kills);
  }
  if (host_kills && !sightings.empty()) {
    const auto rest = difference_or_zero(*host_kills, charged_);
    const auto kills = std::min(rest, host_rest_);
    host_rest_ = rest - kills;
    if (kills > 0) verdict.rests.push_back({sightings.front().id, kills});
    charged_ += kills;
  }
  std::erase_if(balances_, [&](const auto& balance) { return !living.contains(balance.first); });
  return verdict;
}

}  // namespace cgroup2::oom
