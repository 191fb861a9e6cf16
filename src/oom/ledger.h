// SPDX-License-Identifier: Apache-2.0
// Ledger: OOM kills by owner. An owner outlives its cgroups: a container that is replaced after
// each kill has one counter, which only rises.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "oom/account.h"
#include "oom/last_memory.h"

namespace cgroup2::oom {

/// Who a kill is charged to. Raw bytes; empty: no such label.
struct Owner {
  std::string namespace_name, pod, container, unit;
  std::string cgroup;  ///< path, where nothing else is known

  friend auto operator<=>(const Owner&, const Owner&) = default;
};

/// Who was killed last, as the kernel's log tells it. Empty: it does not.
struct LastVictim {
  std::string comm;        ///< name of the process
  std::string pid;         ///< in the host's pid namespace
  std::string constraint;  ///< memcg, none, cpuset, memory_policy
  std::string oom_cgroup;  ///< whose limit it was

  friend bool operator==(const LastVictim&, const LastVictim&) = default;
};

/// An owner's page.
struct Entry {
  std::uint64_t kills = 0;
  std::uint64_t group_kills = 0;
  std::array<std::uint64_t, limit_count> by_limit{};
  std::chrono::milliseconds last_kill{0};   ///< since 1970; 0: none
  std::chrono::milliseconds dead_since{0};  ///< since 1970; 0: it has a cgroup
  LastMemory memory;
  LastVictim victim;

  friend bool operator==(const Entry&, const Entry&) = default;
};

/// One thread.
class Ledger {
 public:
  struct Bounds {
    std::chrono::milliseconds retention{std::chrono::hours(1)};  ///< of owners without a cgroup
    std::size_t max_owners = 10'000;
  };
  /// What is saved.
  struct Content {
    std::map<Owner, Entry> owners;
    std::map<std::string, std::uint64_t> rests;        ///< by the path of the cgroup
    std::map<std::string, std::uint64_t> constraints;  ///< kills by what the kernel's log calls it
    std::uint64_t forgotten = 0;  ///< kills of owners and cgroups that are not remembered any more

    friend bool operator==(const Content&, const Content&) = default;
  };

  explicit Ledger(Bounds bounds) : bounds_(bounds) {}

  void set_bounds(Bounds bounds) { bounds_ = bounds; }

  /// Takes kills of an owner. `now` is since 1970. Makes room for it if there is none, so that a
  /// new owner can push out one that is dead for long.
  void charge(const Owner& owner, const Charge& charge, std::chrono::milliseconds now);

  /// Takes kills that nobody can be told the owner of.
  void charge_rest(const std::string& cgroup, std::uint64_t kills);

  /// Notes what the last kill of an owner looked like.
  void note_memory(const Owner& owner, const LastMemory& memory);
  void note_victim(const Owner& owner, const LastVictim& victim);
  void note_constraint(const std::string& constraint) { ++content_.constraints[constraint]; }

  /// Has the kills of one owner belong to another, which is the same under its right name. Returns
  /// whether it had any.
  bool rename(const Owner& from, const Owner& to);

  /// Says what time it is: since 1970, and by a clock that nobody sets. To be called before the
  /// others; a clock that is set must neither end nor lengthen the retention.
  void note_time(std::chrono::milliseconds now, std::chrono::milliseconds steady);

  /// Says which owners and which cgroups there are now. Owners among them that are new begin at 0;
  /// the others stay for the retention. Counts of what is forgotten are kept together.
  void note_living(const std::set<Owner>& owners, const std::set<std::string>& cgroups,
                   std::chrono::milliseconds now);

  [[nodiscard]] const Content& content() const { return content_; }
  void restore(Content content) { content_ = std::move(content); }

  /// Owners that were left out or forgotten early for want of room, since the start.
  [[nodiscard]] std::uint64_t evicted() const { return evicted_; }

 private:
  Entry* find_or_make(const Owner& owner);
  void make_room(std::size_t wanted);
  void forget(std::map<Owner, Entry>::iterator entry);

  Bounds bounds_;
  Content content_;
  std::map<std::string, std::chrono::milliseconds> rests_dead_since_;
  std::uint64_t evicted_ = 0;
  std::size_t left_out_ = 0;                               // of the living, in the last pass
  std::optional<std::chrono::milliseconds> steady_ahead_;  // of the time since 1970
};

}  // namespace cgroup2::oom
