// SPDX-License-Identifier: Apache-2.0
#include "status/kills.h"

#include <algorithm>
#include <string>
#include <utility>

#include "exposition/labels.h"

namespace cgroup2::status {

const oom::LedgerEntry* find_kills(const oom::LedgerContent& ledger, const oom::Owner& owner) {
  const auto found = ledger.owners.find(owner);
  return found == ledger.owners.end() || found->second.kills == 0 ? nullptr : &found->second;
}

std::vector<const Kills*> newest_first(const oom::LedgerContent& ledger) {
  // Kills that one pass saw have the same time: then the labels decide, as they are shown.
  std::vector<std::pair<std::string, const Kills*>> by_labels;
  for (const Kills& each : ledger.owners) {
    if (each.second.kills > 0) by_labels.emplace_back(exposition::labels_of(each.first), &each);
  }
  std::ranges::sort(by_labels, [](const auto& a, const auto& b) {
    const auto last_a = a.second->second.last_kill;
    const auto last_b = b.second->second.last_kill;
    return last_a != last_b ? last_a > last_b : a.first < b.first;
  });
  std::vector<const Kills*> newest;
  newest.reserve(by_labels.size());
  for (const auto& [labels, kills] : by_labels) newest.push_back(kills);
  return newest;
}

std::uint64_t kills_without_owner(const oom::LedgerContent& ledger) {
  std::uint64_t kills = ledger.forgotten;
  for (const auto& [cgroup, each] : ledger.unattributed) kills += each;
  return kills;
}

}  // namespace cgroup2::status
