// SPDX-License-Identifier: Apache-2.0
#include "oom/unnamed_owners.h"

#include <chrono>

namespace cgroup2::oom {
namespace {

constexpr std::chrono::seconds first_wait{1};
constexpr std::chrono::minutes max_wait{1};

}  // namespace

void UnnamedOwners::add(const Owner& owner, const base::SharedText& path, base::TimePoint now) {
  if (!owner.container.empty() || !owner.user.empty() || !owner.job.empty()) return;
  owners_.insert_or_assign(owner, Unnamed{path, now, now + first_wait});
}

std::vector<std::pair<Owner, Owner>> UnnamedOwners::ask(const std::set<Owner>& living,
                                                        const LedgerContent& ledger,
                                                        OwnerLookup& lookup, base::TimePoint now) {
  std::vector<std::pair<Owner, Owner>> named;
  has_waiting_ = false;
  for (auto at = owners_.begin(); at != owners_.end();) {
    const auto entry = at++;
    auto& [owner, unnamed] = *entry;
    if (living.contains(owner)) {
      unnamed.last_living = now;
      unnamed.next = now + first_wait;
      continue;
    }
    bool is_over = now - unnamed.last_living > max_wait || !ledger.owners.contains(owner);
    if (!is_over && now >= unnamed.next && lookup.has_time()) {
      unnamed.next = now + (now - unnamed.last_living);
      Owner found = lookup.identify(unnamed.path).owner;
      is_over = !found.container.empty();
      if (is_over) named.emplace_back(owner, std::move(found));
    }
    has_waiting_ = has_waiting_ || !is_over;
    if (is_over) owners_.erase(entry);
  }
  return named;
}

}  // namespace cgroup2::oom
