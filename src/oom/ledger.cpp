// SPDX-License-Identifier: Apache-2.0
#include "oom/ledger.h"

#include <algorithm>
#include <iterator>

namespace cgroup2::oom {

void Ledger::charge(const Owner& owner, const Charge& charge, std::chrono::milliseconds now) {
  Entry* const entry = find_or_make(owner);
  if (entry == nullptr) {
    content_.forgotten += charge.kills;
    return;
  }
  entry->kills += charge.kills;
  entry->group_kills += charge.group_kills;
  entry->by_limit.at(static_cast<std::size_t>(charge.limit)) += charge.kills;
  entry->last_kill = now;
}

void Ledger::charge_rest(const std::string& cgroup, std::uint64_t kills) {
  content_.rests[cgroup] += kills;
}

void Ledger::note_memory(const Owner& owner, const LastMemory& memory) {
  if (Entry* const entry = find_or_make(owner)) entry->memory = memory;
}

void Ledger::note_victim(const Owner& owner, const LastVictim& victim) {
  if (Entry* const entry = find_or_make(owner)) entry->victim = victim;
}

bool Ledger::rename(const Owner& from, const Owner& to) {
  const auto old = content_.owners.find(from);
  if (old == content_.owners.end() || from == to) return false;
  Entry moved = std::move(old->second);
  content_.owners.erase(old);
  const auto [at, is_new] = content_.owners.try_emplace(to);
  Entry& entry = at->second;
  entry.kills += moved.kills;
  entry.group_kills += moved.group_kills;
  for (std::size_t i = 0; i < limit_count; ++i) entry.by_limit[i] += moved.by_limit[i];
  if (moved.last_kill > entry.last_kill) {
    entry.last_kill = moved.last_kill;
    entry.memory = moved.memory;
    entry.victim = std::move(moved.victim);
  }
  return moved.kills > 0 || moved.group_kills > 0;
}

void Ledger::note_living(const std::set<Owner>& owners, const std::set<std::string>& cgroups,
                         std::chrono::milliseconds now) {
  for (const Owner& owner : owners) {
    if (Entry* const entry = find_or_make(owner)) entry->dead_since = {};
  }
  for (auto at = content_.owners.begin(); at != content_.owners.end();) {
    const auto entry = at++;
    if (owners.contains(entry->first)) continue;
    auto& dead_since = entry->second.dead_since;
    // A clock that was set back must not keep it for ever.
    if (dead_since.count() == 0 || dead_since > now) dead_since = now;
    // What was never killed leaves nothing behind.
    if (entry->second.kills == 0 && entry->second.group_kills == 0) {
      content_.owners.erase(entry);
    } else if (now - dead_since >= bounds_.retention) {
      forget(entry);
    }
  }
  for (auto at = content_.rests.begin(); at != content_.rests.end();) {
    const auto rest = at++;
    if (cgroups.contains(rest->first)) {
      rests_dead_since_.erase(rest->first);
      continue;
    }
    const auto dead_since = rests_dead_since_.try_emplace(rest->first, now).first->second;
    if (now - dead_since < bounds_.retention) continue;
    content_.forgotten += rest->second;
    rests_dead_since_.erase(rest->first);
    content_.rests.erase(rest);
  }
}

Entry* Ledger::find_or_make(const Owner& owner) {
  const auto known = content_.owners.find(owner);
  if (known != content_.owners.end()) return &known->second;
  if (content_.owners.size() >= bounds_.max_owners && !evict_one()) {
    ++evicted_;
    return nullptr;
  }
  return &content_.owners[owner];
}

// The one that is dead for the longest time.
bool Ledger::evict_one() {
  auto oldest = content_.owners.end();
  for (auto at = content_.owners.begin(); at != content_.owners.end(); ++at) {
    const auto dead_since = at->second.dead_since;
    if (dead_since.count() == 0) continue;
    if (oldest == content_.owners.end() || dead_since < oldest->second.dead_since) oldest = at;
  }
  if (oldest == content_.owners.end()) return false;
  ++evicted_;
  forget(oldest);
  return true;
}

void Ledger::forget(std::map<Owner, Entry>::iterator entry) {
  content_.forgotten += entry->second.kills;
  content_.owners.erase(entry);
}

}  // namespace cgroup2::oom
