// SPDX-License-Identifier: Apache-2.0
#include "oom/ledger.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

#include "base/label.h"

namespace cgroup2::oom {

using std::chrono::milliseconds;

void Ledger::restore(LedgerContent content) {
  content_ = std::move(content);
  for (auto& [owner, entry] : content_.owners) {
    std::uint64_t decided = 0;
    for (const auto kills : entry.by_limit) decided += kills;
    if (entry.kills > decided)
      entry.by_limit.at(static_cast<std::size_t>(Limit::unknown)) += entry.kills - decided;
  }
}

void Ledger::add_kills(const Owner& owner, std::uint64_t kills, std::uint64_t group_kills,
                       milliseconds now) {
  LedgerEntry& entry = content_.owners[owner];
  entry.kills += kills;
  entry.group_kills += group_kills;
  entry.last_kill = now;
}

void Ledger::add_by_limit(const Owner& owner, Limit limit, std::uint64_t kills) {
  const auto entry = content_.owners.find(owner);
  if (entry != content_.owners.end())
    entry->second.by_limit.at(static_cast<std::size_t>(limit)) += kills;
}

void Ledger::add_unattributed(const std::string& cgroup, std::uint64_t kills) {
  content_.unattributed[cgroup] += kills;
}

void Ledger::note_memory(const Owner& owner, const LastMemory& memory) {
  content_.owners[owner].memory = memory;
}

// Like the limit, it may come a pass after the kill: an owner that is forgotten is left out.
void Ledger::note_rise(const Owner& owner, const LastRise& rise) {
  const auto entry = content_.owners.find(owner);
  if (entry != content_.owners.end()) entry->second.rise = rise;
}

void Ledger::note_victim(const Owner& owner, const LastVictim& victim) {
  content_.owners[owner].victim = victim;
}

bool Ledger::rename(const Owner& from, const Owner& to) {
  if (from == to) return false;
  auto old = content_.owners.extract(from);
  if (old.empty()) return false;
  const bool has_counts = old.mapped().has_counts();
  content_.owners[to].add(std::move(old.mapped()));
  return has_counts;
}

// All come in first: whether one stays does not depend on when it came.
void Ledger::note_living(const std::set<Owner>& owners, const std::set<std::string_view>& cgroups,
                         base::TimePoint at_steady) {
  const auto now = std::chrono::duration_cast<milliseconds>(at_steady.time_since_epoch());
  for (const Owner& owner : owners) content_.owners[owner].dead_since = {};
  note_dead(owners, now);
  evict_owners();
  forget_unattributed(cgroups, now);
  merge_unattributed();
}

void Ledger::note_dead(const std::set<Owner>& living, milliseconds now) {
  for (auto at = content_.owners.begin(); at != content_.owners.end();) {
    const auto entry = at++;
    if (living.contains(entry->first)) continue;
    auto& dead_since = entry->second.dead_since;
    // A time from the state file that is yet to come must not keep it for ever.
    if (dead_since.count() == 0 || dead_since > now) dead_since = now;
    if (now - dead_since >= retention_of(entry->second)) forget(entry);
  }
}

// What was never killed is kept for as long as a container that ends again and again is away: the
// kubelet waits for five minutes at most. What has no counts leaves nothing behind.
milliseconds Ledger::retention_of(const LedgerEntry& entry) const {
  constexpr milliseconds retention_of_starts = std::chrono::minutes(10);
  if (entry.was_killed()) return bounds_.retention;
  return entry.starts > 0 ? std::min(bounds_.retention, retention_of_starts) : milliseconds(0);
}

// Of the living those with the most kills stay longest, of the dead those that died last. Before
// them go the dead that were never killed, which is no loss to tell of.
void Ledger::evict_owners() {
  constexpr auto max = std::numeric_limits<std::uint64_t>::max();
  std::size_t evicted_living = 0;
  if (content_.owners.size() > bounds_.max_owners) {
    std::vector<Entry> entries;
    std::vector<ShareMember> members;
    for (auto at = content_.owners.begin(); at != content_.owners.end(); ++at) {
      const LedgerEntry& entry = at->second;
      const auto dead_since = static_cast<std::uint64_t>(entry.dead_since.count());
      ShareMember member = share_of(at->first);
      member.tier = dead_since == 0 ? 0 : entry.was_killed() ? 1 : 2;
      member.order = max - (dead_since == 0 ? entry.kills : dead_since);
      members.push_back(member);
      entries.push_back(at);
    }
    for (const auto index : find_excess(members, bounds_.max_owners)) {
      const auto tier = members[index].tier;
      if (tier < 2) {
        ++(tier == 0 ? evicted_living : evicted_);
        evicted_subtrees_.emplace(members[index].top);
      }
      forget(entries[index]);
    }
  }
  if (evicted_living > evicted_living_) evicted_ += evicted_living - evicted_living_;
  evicted_living_ = evicted_living;
}

void Ledger::forget_unattributed(const std::set<std::string_view>& cgroups, milliseconds now) {
  std::erase_if(content_.unattributed, [&](const auto& each) {
    const auto& [cgroup, kills] = each;
    const auto dead_since = unattributed_dead_since_.try_emplace(cgroup, now).first;
    const bool lives = cgroups.contains(cgroup);
    const bool is_due = !lives && now - dead_since->second >= bounds_.retention;
    if (is_due) content_.forgotten += kills;
    if (lives || is_due) unattributed_dead_since_.erase(dead_since);
    return is_due;
  });
}

// Adds up whole subtrees, so that this is seldom needed: as many as need be, the largest of the
// class that gives way first. If even the tops are too many, their kills are the host's.
void Ledger::merge_unattributed() {
  auto& kills = content_.unattributed;
  if (kills.size() <= bounds_.max_owners) return;
  using Subtree = std::pair<base::ConsumerClass, std::string>;
  std::map<Subtree, std::vector<std::string>> members;
  for (const auto& [cgroup, count] : kills) {
    const auto subtree = subtree_of_(cgroup);
    members[{subtree.consumer_class, std::string(subtree.top)}].push_back(cgroup);
  }
  std::vector<std::pair<Subtree, std::vector<std::string>>> order(members.begin(), members.end());
  std::ranges::sort(order, [](const auto& a, const auto& b) {
    if (a.first.first != b.first.first) return a.first.first < b.first.first;
    return std::tuple(b.second.size(), a.first) < std::tuple(a.second.size(), b.first);
  });
  for (const auto& [subtree, cgroups] : order) {
    if (kills.size() <= bounds_.max_owners) return;
    for (const auto& cgroup : cgroups) move_unattributed(cgroup, subtree.second);
    evicted_subtrees_.insert(base::to_label(subtree.second));
  }
  for (const auto& [subtree, cgroups] : order) {
    if (kills.size() <= bounds_.max_owners) return;
    move_unattributed(subtree.second, "/");
  }
}

void Ledger::move_unattributed(const std::string& from, const std::string& to) {
  const auto moved = content_.unattributed.extract(from);
  unattributed_dead_since_.erase(from);
  content_.unattributed[to] += moved.mapped();
}

void Ledger::forget(Entry entry) {
  content_.forgotten += entry->second.kills;
  content_.owners.erase(entry);
}

}  // namespace cgroup2::oom
