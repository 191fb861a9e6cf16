// SPDX-License-Identifier: Apache-2.0
// Shares: who gives way where a bound does not hold all: the largest consumer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/subtree.h"
#include "oom/ledger_content.h"

namespace cgroup2::oom {

/// Finds the subtree of the cgroup at a path (raw bytes). Pure; called on several threads.
using SubtreeOf = std::function<base::Subtree(std::string_view path)>;

/// Puts all cgroups into one subtree.
[[nodiscard]] inline base::Subtree subtree_of_all(std::string_view) { return {}; }

/// One that takes up a place of a bound.
struct ShareMember {
  base::ConsumerClass consumer_class = base::ConsumerClass::service;
  std::string_view top{};   ///< names the subtree; points to what the caller has
  unsigned tier = 0;        ///< the lowest of a class stay longest, whatever their subtrees are
  std::uint64_t order = 0;  ///< the lowest of a subtree stay longest
};

/// Returns the share of an owner, by its labels alone: those of a user, a namespace or a unit are
/// one subtree. One that has a path alone is in the class that gives way first.
[[nodiscard]] ShareMember share_of(const Owner& owner);

/// Returns the indices of the members that give way so that `max` are left: users' before services
/// before workloads, in a class those of the highest tier, and in a tier those of the largest
/// subtrees, until these are equal. O(n log n).
[[nodiscard]] std::vector<std::size_t> find_excess(const std::vector<ShareMember>& members,
                                                   std::size_t max);

}  // namespace cgroup2::oom
