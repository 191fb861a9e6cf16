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

#include "base/time.h"
#include "oom/ledger_content.h"

namespace cgroup2::oom {

/// One thread.
class Ledger {
 public:
  struct Bounds {
    std::chrono::milliseconds retention{std::chrono::hours(1)};  ///< of owners without a cgroup
    std::size_t max_owners = 10'000;
  };

  explicit Ledger(Bounds bounds) : bounds_(bounds) {}

  void set_bounds(Bounds bounds) { bounds_ = bounds; }

  /// Adds kills of an owner. `now` is since 1970. Makes space for it if there is none, so that a
  /// new owner can push out one that is dead for long.
  void add_kills(const Owner& owner, std::uint64_t kills, std::uint64_t group_kills,
                 std::chrono::milliseconds now);

  /// Adds to an owner's kills by whose limit it was. An owner that is forgotten is left out.
  void add_by_limit(const Owner& owner, Limit limit, std::uint64_t kills);

  /// Adds kills below a cgroup whose owner nobody knows.
  void add_unattributed(const std::string& cgroup, std::uint64_t kills);

  /// Sets what the last kill of an owner looked like.
  void note_memory(const Owner& owner, const LastMemory& memory);
  void note_victim(const Owner& owner, const LastVictim& victim);
  void note_constraint(const std::string& constraint) { ++content_.constraints[constraint]; }

  /// Moves the kills of one owner to another, which is the same under its right name. Returns
  /// whether it had any.
  bool rename(const Owner& from, const Owner& to);

  /// Takes which owners and which cgroups there are `now`, by the steady clock. New owners begin at
  /// 0; owners without a cgroup stay for the retention. The kills of forgotten ones are kept in one
  /// sum.
  void note_living(const std::set<Owner>& owners, const std::set<std::string>& cgroups,
                   base::TimePoint now);

  [[nodiscard]] const LedgerContent& content() const { return content_; }
  /// Kills whose limit was not decided before the restart are taken for Limit::unknown.
  void restore(LedgerContent content);

  /// Counts the owners that were left out or forgotten early for want of space, since the start.
  [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

 private:
  LedgerEntry* find_or_make(const Owner& owner);
  void make_space(std::size_t wanted);
  void forget(std::map<Owner, LedgerEntry>::iterator entry);
  void forget_unattributed(const std::set<std::string>& cgroups, std::chrono::milliseconds now);

  Bounds bounds_;
  LedgerContent content_;
  std::map<std::string, std::chrono::milliseconds> unattributed_dead_since_;  // steady clock
  std::uint64_t evicted_ = 0;
  std::size_t left_out_ = 0;  // of the living, in the last pass
};

}  // namespace cgroup2::oom
