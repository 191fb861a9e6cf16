// SPDX-License-Identifier: Apache-2.0
// WatchShares: whose cgroups are watched where there are not watches for all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "oom/observation.h"
#include "oom/shares.h"
#include "oom/watch_list.h"

namespace cgroup2::oom {

/// Those that are too many.
struct WatchExcess {
  std::unordered_set<std::uint64_t> ids;  ///< of cgroups
  std::set<std::string> tops;             ///< of their subtrees, as label values
};

/// Belongs to the watcher's thread.
class WatchShares {
 public:
  WatchShares(std::size_t max_count, SubtreeOf subtree_of)
      : max_count_(max_count), subtree_of_(std::move(subtree_of)) {}

  void set_max_count(std::size_t max_count) { max_count_ = max_count; }
  [[nodiscard]] std::size_t max_count() const { return max_count_; }

  /// Whether the cgroup at `path` is a user's.
  [[nodiscard]] bool is_users(std::string_view path) const;

  /// Returns how many cgroups may be watched before the next report, where the next one is at
  /// `path`. An eighth more than the bound is there for all but users' cgroups, so that the first
  /// kill in a pod is seen although a user makes cgroups all the time.
  [[nodiscard]] std::size_t limit_for(std::string_view path) const;

  /// Returns which of those that are watched and of the `unknown` ones give way so that `max` are
  /// left: see find_excess(). What root made, where other cgroups appear, stays longest, and what
  /// the walk of this `report` saw stays longer than what it did not see.
  [[nodiscard]] WatchExcess find_excess(const WatchList& list,
                                        std::span<const Observation* const> unknown,
                                        std::uint64_t report, std::size_t max) const;

 private:
  [[nodiscard]] ShareMember member(std::string_view path, std::uint64_t id, bool is_observed) const;

  std::size_t max_count_;
  const SubtreeOf subtree_of_;
};

}  // namespace cgroup2::oom
