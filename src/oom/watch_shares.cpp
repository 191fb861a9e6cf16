// SPDX-License-Identifier: Apache-2.0
#include "oom/watch_shares.h"

#include <vector>

#include "base/label.h"

namespace cgroup2::oom {

using base::ConsumerClass;

bool WatchShares::is_users(std::string_view path) const {
  return subtree_of_(path).consumer_class == ConsumerClass::user;
}

std::size_t WatchShares::limit_for(std::string_view path) const {
  return is_users(path) ? max_count_ : max_count_ + max_count_ / 8;
}

WatchExcess WatchShares::find_excess(const WatchList& list,
                                     std::span<const Observation* const> unknown,
                                     std::uint64_t report, std::size_t max) const {
  std::vector<ShareMember> members;
  members.reserve(list.size() + unknown.size());
  list.visit_all([&](const Watched& watched) {
    members.push_back(member(watched.path, watched.cgroup.id, watched.observed_in == report));
  });
  for (const Observation* seen : unknown)
    members.push_back(member(seen->path, seen->cgroup.id, true));
  WatchExcess excess;
  for (const auto index : oom::find_excess(members, max)) {
    excess.ids.insert(members[index].order);
    excess.tops.insert(base::to_label(members[index].top));
  }
  return excess;
}

// The oldest of a subtree stay: the kernel counts ids up.
ShareMember WatchShares::member(std::string_view path, std::uint64_t id, bool is_observed) const {
  const auto subtree = subtree_of_(path);
  if (!subtree.is_closed) return {ConsumerClass::workload, "/", 0, id};
  return {subtree.consumer_class, subtree.top, is_observed ? 1U : 2U, id};
}

}  // namespace cgroup2::oom
