// SPDX-License-Identifier: Apache-2.0
#include "oom/ledger.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

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
  LedgerEntry* const entry = find_or_make(owner);
  if (entry == nullptr) {
    content_.forgotten += kills;
    return;
  }
  entry->kills += kills;
  entry->group_kills += group_kills;
  entry->last_kill = now;
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
  if (LedgerEntry* const entry = find_or_make(owner)) entry->memory = memory;
}

void Ledger::note_victim(const Owner& owner, const LastVictim& victim) {
  if (LedgerEntry* const entry = find_or_make(owner)) entry->victim = victim;
}

bool Ledger::rename(const Owner& from, const Owner& to) {
  if (from == to) return false;
  auto old = content_.owners.extract(from);
  if (old.empty()) return false;
  LedgerEntry& moved = old.mapped();
  LedgerEntry& entry = content_.owners[to];
  entry.kills += moved.kills;
  entry.group_kills += moved.group_kills;
  for (std::size_t i = 0; i < limit_count; ++i) entry.by_limit[i] += moved.by_limit[i];
  if (moved.last_kill > entry.last_kill) {
    entry.last_kill = moved.last_kill;
    entry.memory = moved.memory;
    entry.victim = std::move(moved.victim);
  }
  return moved.was_killed();
}

void Ledger::note_living(const std::set<Owner>& owners, const std::set<std::string>& cgroups,
                         base::TimePoint at_steady) {
  const auto now = std::chrono::duration_cast<milliseconds>(at_steady.time_since_epoch());
  std::vector<const Owner*> added;
  for (const Owner& owner : owners) {
    const auto known = content_.owners.find(owner);
    if (known == content_.owners.end()) {
      added.push_back(&owner);
    } else {
      known->second.dead_since = {};
    }
  }
  make_space(added.size());
  const auto size = content_.owners.size();
  for (const Owner* owner : added) {
    if (content_.owners.size() < bounds_.max_owners) content_.owners[*owner];
  }
  const auto left_out = size + added.size() - content_.owners.size();
  if (left_out > left_out_) evicted_ += left_out - left_out_;
  left_out_ = left_out;
  for (auto at = content_.owners.begin(); at != content_.owners.end();) {
    const auto entry = at++;
    if (owners.contains(entry->first)) continue;
    auto& dead_since = entry->second.dead_since;
    // A time from the state file that is yet to come must not keep it for ever.
    if (dead_since.count() == 0 || dead_since > now) dead_since = now;
    // What was never killed leaves nothing behind.
    if (!entry->second.was_killed() || now - dead_since >= bounds_.retention) forget(entry);
  }
  forget_unattributed(cgroups, now);
}

void Ledger::forget_unattributed(const std::set<std::string>& cgroups, milliseconds now) {
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

LedgerEntry* Ledger::find_or_make(const Owner& owner) {
  const auto known = content_.owners.find(owner);
  if (known != content_.owners.end()) return &known->second;
  make_space(1);
  if (content_.owners.size() >= bounds_.max_owners) {
    ++evicted_;
    return nullptr;
  }
  return &content_.owners[owner];
}

// Forgets those that are dead for the longest time.
void Ledger::make_space(std::size_t wanted) {
  const auto size = content_.owners.size() + wanted;
  if (size <= bounds_.max_owners) return;
  std::vector<std::map<Owner, LedgerEntry>::iterator> dead;
  for (auto at = content_.owners.begin(); at != content_.owners.end(); ++at) {
    if (at->second.dead_since.count() != 0) dead.push_back(at);
  }
  const auto count = std::min(dead.size(), size - bounds_.max_owners);
  const auto end = dead.begin() + static_cast<std::ptrdiff_t>(count);
  std::ranges::partial_sort(dead, end, {}, [](const auto& at) { return at->second.dead_since; });
  std::for_each(dead.begin(), end, [&](const auto& at) { forget(at); });
  evicted_ += count;
}

void Ledger::forget(std::map<Owner, LedgerEntry>::iterator entry) {
  content_.forgotten += entry->second.kills;
  content_.owners.erase(entry);
}

}  // namespace cgroup2::oom
