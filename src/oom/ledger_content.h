// SPDX-License-Identifier: Apache-2.0
// LedgerContent: what the ledger of OOM kills holds. Data alone, for all who show it.
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/shared_text.h"

namespace cgroup2::oom {

/// Whose limit it was that a kill enforced.
enum class Limit {
  own,       ///< the cgroup's
  ancestor,  ///< one above it
  none,      ///< nobody's: the host, or a set of its nodes, ran out of memory
  unknown,   ///< the cgroup was gone before that could be read
};
inline constexpr std::size_t limit_count = static_cast<std::size_t>(Limit::unknown) + 1;

/// Returns "own", "ancestor", "none" or "unknown".
[[nodiscard]] constexpr std::string_view to_string(Limit limit) {
  constexpr auto words = std::to_array<std::string_view>({"own", "ancestor", "none", "unknown"});
  static_assert(words.size() == limit_count);
  return words.at(static_cast<std::size_t>(limit));
}

/// Whom kills are attributed to. Label values (see base/label.h), so that their size is bounded;
/// empty: no such label.
struct Owner {
  base::SharedText namespace_name{}, pod{}, container{};
  /// of the host, who chose the names of pod and container; empty: nobody
  base::SharedText user{};
  base::SharedText job{};     ///< of a batch system
  base::SharedText unit{};    ///< of systemd; with a user, of that user's own systemd
  base::SharedText cgroup{};  ///< path, where nothing else is known

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the default of <=> for a 0
  friend auto operator<=>(const Owner&, const Owner&) = default;
};

struct OwnerLabel {
  std::string_view name;
  base::SharedText Owner::*value;
};

/// The labels of an owner, in their order.
inline constexpr auto owner_labels =
    std::to_array<OwnerLabel>({{"namespace", &Owner::namespace_name},
                               {"pod", &Owner::pod},
                               {"container", &Owner::container},
                               {"user", &Owner::user},
                               {"job", &Owner::job},
                               {"unit", &Owner::unit},
                               {"cgroup", &Owner::cgroup}});

/// The memory of a cgroup shortly before a kill, in bytes. Nothing: not read, or no limit.
struct LastMemory {
  std::optional<std::uint64_t> peak{}, limit{}, anon{}, file{};

  friend bool operator==(const LastMemory&, const LastMemory&) = default;
};

struct MemoryType {
  std::string_view name;
  std::optional<std::uint64_t> LastMemory::*bytes;
};

/// What is known of that memory, in the order in which it is shown.
inline constexpr auto memory_types = std::to_array<MemoryType>({{"peak", &LastMemory::peak},
                                                                {"limit", &LastMemory::limit},
                                                                {"anon", &LastMemory::anon},
                                                                {"file", &LastMemory::file}});

/// How the use of a cgroup rose to its own limit, at which it was killed.
struct LastRise {
  std::uint64_t from_bytes = 0;         ///< in the last poll before the kill
  std::chrono::milliseconds within{0};  ///< from that poll to the kill; 0: not known

  [[nodiscard]] bool is_known() const { return within.count() > 0; }
  /// Rounds up, so that what is said of the time is true.
  [[nodiscard]] std::uint64_t seconds() const {
    return static_cast<std::uint64_t>(std::chrono::ceil<std::chrono::seconds>(within).count());
  }

  friend bool operator==(const LastRise&, const LastRise&) = default;
};

/// Who was killed last, as the kernel's log tells it. Raw bytes; empty: it does not.
struct LastVictim {
  base::SharedText comm{};        ///< name of the process
  base::SharedText pid{};         ///< in the host's pid namespace
  base::SharedText constraint{};  ///< memcg, none, cpuset, memory_policy
  base::SharedText oom_cgroup{};  ///< whose limit it was

  friend bool operator==(const LastVictim&, const LastVictim&) = default;
};

struct VictimField {
  std::string_view name;
  base::SharedText LastVictim::*value;
};

/// What is known of the victim, in the order of the labels.
inline constexpr auto victim_fields =
    std::to_array<VictimField>({{"comm", &LastVictim::comm},
                                {"pid", &LastVictim::pid},
                                {"constraint", &LastVictim::constraint},
                                {"oom_cgroup", &LastVictim::oom_cgroup}});

/// What the ledger has of an owner.
struct LedgerEntry {
  std::uint64_t kills = 0;
  std::uint64_t group_kills = 0;
  std::uint64_t starts = 0;  ///< of its containers, each with a cgroup of its own
  std::array<std::uint64_t, limit_count> by_limit{};  ///< a kill's may follow a pass later
  std::chrono::milliseconds last_kill{0};             ///< since 1970; 0: none
  /// Of the steady clock, which counts from the boot on, for all processes; 0: it has a cgroup.
  std::chrono::milliseconds dead_since{0};
  LastMemory memory{};
  LastRise rise{};
  LastVictim victim{};

  [[nodiscard]] bool was_killed() const { return kills > 0 || group_kills > 0; }
  /// Whether there is something to keep of it when it is dead, and across restarts.
  [[nodiscard]] bool has_counts() const { return was_killed() || starts > 0; }

  /// Adds the counts of another owner that is the same now; of the last kill it has the later one.
  /// Since when it is dead stays as it is.
  void add(LedgerEntry more) {
    kills += more.kills;
    group_kills += more.group_kills;
    starts += more.starts;
    for (std::size_t i = 0; i < limit_count; ++i) by_limit[i] += more.by_limit[i];
    if (more.last_kill <= last_kill) return;
    last_kill = more.last_kill;
    memory = more.memory;
    rise = more.rise;
    victim = std::move(more.victim);
  }

  friend bool operator==(const LedgerEntry&, const LedgerEntry&) = default;
};

/// All of it; what is saved.
struct LedgerContent {
  std::map<Owner, LedgerEntry> owners{};
  std::map<std::string, std::uint64_t> unattributed{};  ///< kills below a cgroup, by its path
  std::map<std::string, std::uint64_t> constraints{};   ///< kills by what the kernel's log says
  std::uint64_t forgotten = 0;  ///< kills of owners and cgroups that are not remembered any more

  friend bool operator==(const LedgerContent&, const LedgerContent&) = default;
};

}  // namespace cgroup2::oom
