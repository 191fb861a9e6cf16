// SPDX-License-Identifier: Apache-2.0
// Ledger: OOM kills by owner. An owner outlives its cgroups: a container that is replaced after
// each kill has one counter, which only rises.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "base/time.h"
#include "oom/ledger_content.h"
#include "oom/shares.h"

namespace cgroup2::oom {

/// One thread.
class Ledger {
 public:
  struct Bounds {
    std::chrono::milliseconds retention{std::chrono::hours(1)};  ///< of owners without a cgroup
    std::size_t max_owners = 10'000;  ///< and cgroups with unattributed kills
  };

  explicit Ledger(Bounds bounds, SubtreeOf subtree_of = subtree_of_all)
      : bounds_(bounds), subtree_of_(std::move(subtree_of)) {}

  void set_bounds(Bounds bounds) { bounds_ = bounds; }

  /// Adds kills of an owner. `now` is since 1970.
  void add_kills(const Owner& owner, std::uint64_t kills, std::uint64_t group_kills,
                 std::chrono::milliseconds now);

  /// Adds a container that began.
  void add_start(const Owner& owner) { ++content_.owners[owner].starts; }

  /// Adds to an owner's kills by whose limit it was. An owner that is forgotten is left out.
  void add_by_limit(const Owner& owner, Limit limit, std::uint64_t kills);

  /// Adds kills below a cgroup whose owner nobody knows.
  void add_unattributed(const std::string& cgroup, std::uint64_t kills);

  /// Sets what the last kill of an owner looked like.
  void note_memory(const Owner& owner, const LastMemory& memory);
  void note_rise(const Owner& owner, const LastRise& rise);
  void note_victim(const Owner& owner, const LastVictim& victim);
  void note_constraint(const std::string& constraint) { ++content_.constraints[constraint]; }

  /// Moves the counts of one owner to another, which is the same under its right name. Returns
  /// whether it had any.
  bool rename(const Owner& from, const Owner& to);

  /// Takes which owners and which cgroups there are `now`, by the steady clock. New owners begin at
  /// 0; owners without a cgroup stay for the retention. If there are too many, the largest consumer
  /// gives way: see find_excess(). The kills of forgotten ones are kept in one sum; unattributed
  /// kills go to the top of their subtree.
  void note_living(const std::set<Owner>& owners, const std::set<std::string_view>& cgroups,
                   base::TimePoint now);

  /// Takes out the subtrees of which something was evicted since the last call: the labels of
  /// share_of() for owners, paths for unattributed kills.
  [[nodiscard]] std::set<std::string> take_evicted_subtrees() {
    return std::exchange(evicted_subtrees_, {});
  }

  [[nodiscard]] const LedgerContent& content() const { return content_; }
  /// Kills whose limit was not decided before the restart are taken for Limit::unknown.
  void restore(LedgerContent content);

  /// Counts the owners that were left out or forgotten early for want of space, since the start.
  [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

 private:
  using Entry = std::map<Owner, LedgerEntry>::iterator;

  [[nodiscard]] std::chrono::milliseconds retention_of(const LedgerEntry& entry) const;
  void note_dead(const std::set<Owner>& living, std::chrono::milliseconds now);
  void evict_owners();
  void forget(Entry entry);
  void forget_unattributed(const std::set<std::string_view>& cgroups,
                           std::chrono::milliseconds now);
  void merge_unattributed();
  void move_unattributed(const std::string& from, const std::string& to);

  Bounds bounds_;
  LedgerContent content_;
  std::map<std::string, std::chrono::milliseconds> unattributed_dead_since_;  // steady clock
  const SubtreeOf subtree_of_;
  std::set<std::string> evicted_subtrees_;  // label values
  std::uint64_t evicted_ = 0;
  std::size_t evicted_living_ = 0;  // in the last pass
};

}  // namespace cgroup2::oom
