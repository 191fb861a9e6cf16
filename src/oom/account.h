// SPDX-License-Identifier: Apache-2.0
// Account: which OOM kills are new, and whose. Pure arithmetic over what one pass after the other
// saw; the reason why no kill is lost or counted twice is in account.cpp
// and account_gaps.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "oom/events.h"
#include "oom/ledger_content.h"

namespace cgroup2::oom {

/// A living cgroup as a pass saw it. Read in this order: memory.events, memory.events.local, and
/// only then the list of its children.
struct Sighting {
  static constexpr std::size_t no_parent = std::numeric_limits<std::size_t>::max();

  std::uint64_t id = 0;            ///< the directory's inode
  std::size_t parent = no_parent;  ///< index among the sightings, which have parents first
  /// Inode of memory.events.local: another one after the controller was switched off and on, which
  /// begins at 0. 0: the cgroup has no memory controller, or is the root.
  std::uint64_t generation = 0;
  Events total{};  ///< memory.events
  Events local{};  ///< memory.events.local
};

/// A cgroup that is not among the sightings: gone, with what was read of it last, or too new. May
/// never be sighted at all.
struct Glimpse {
  /// Of one that was gone before it could be opened: only its name was told.
  static constexpr std::uint64_t unread = std::numeric_limits<std::uint64_t>::max();

  std::uint64_t id = 0;
  std::uint64_t parent = 0;      ///< id
  std::uint64_t generation = 0;  ///< or unread
  Events local{};
  bool is_gone = false;
  bool is_early = false;  ///< it was removed before the pass began
  /// It was removed right after its memory.events.local had changed.
  bool ended_with_event = false;
};

/// Kills that happened in a cgroup itself.
struct Charge {
  std::uint64_t id = 0;
  std::uint64_t kills = 0;
  std::uint64_t group_kills = 0;
  Limit limit = Limit::own;

  friend bool operator==(const Charge&, const Charge&) = default;
};

/// Kills somewhere below a cgroup, in cgroups that were gone before anybody could look.
struct Rest {
  std::uint64_t id = 0;
  std::uint64_t kills = 0;

  friend bool operator==(const Rest&, const Rest&) = default;
};

struct Verdict {
  std::vector<Charge> charges;
  std::vector<Rest> rests;
};

/// One thread.
class Account {
 public:
  /// What is known of one cgroup; the public part of the state, to be saved.
  struct Balance {
    std::uint64_t parent = 0;
    std::uint64_t generation = 0;
    Events local{};                ///< as read last
    std::uint64_t total = 0;       ///< oom_kill of memory.events, as read last
    std::uint64_t explained = 0;   ///< kills charged in it and below it, of this generation
    std::uint64_t charged_in = 0;  ///< the pass that found a kill of its own last; not saved
    bool is_half_read = false;  ///< its total was out of sight, so it is missed once more; saved as
                                ///< generation 0
    std::uint64_t glimpsed_in = 0;   ///< the last pass that had it as a glimpse; not saved
    std::uint64_t unread_since = 0;  ///< the pass; 0: the last one read it; not saved

    friend bool operator==(const Balance&, const Balance&) = default;
  };

  /// Takes one pass. `host_kills` is oom_kill of /proc/vmstat, read before everything else; nothing
  /// if it cannot be read. The first sighting is the root. `glimpses` were collected after the
  /// sightings. Ids in `unsettled` are of cgroups in which something may live that is neither
  /// sighted nor glimpsed: their rests wait, and those above them. `is_partial`: there are
  /// cgroups that could not be seen at all and may come to sight in the next pass.
  [[nodiscard]] Verdict settle(std::optional<std::uint64_t> host_kills,
                               std::span<const Sighting> sightings,
                               std::span<const Glimpse> glimpses,
                               std::span<const std::uint64_t> unsettled = {},
                               bool is_partial = false);

  /// By cgroup id.
  [[nodiscard]] const std::map<std::uint64_t, Balance>& balances() const { return balances_; }

  /// All kills charged so far.
  [[nodiscard]] std::uint64_t charged() const { return charged_; }

  /// Whether the last pass was partial.
  [[nodiscard]] bool was_partial() const { return was_partial_; }

  /// Goes on where another one was.
  void restore(std::map<std::uint64_t, Balance> balances, std::uint64_t charged, bool was_partial);

 private:
  /// Gone without a kill that was seen.
  struct Suspect {
    std::uint64_t id;
    std::uint64_t below;  ///< id of its nearest ancestor that lives and counts; the root's if none
    int passes;           ///< that began after it was removed
    bool has_sign;
  };

  static constexpr std::uint64_t root_id_of_nobody = 0;
  [[nodiscard]] static std::uint64_t difference_or_zero(std::uint64_t a, std::uint64_t b) {
    return a > b ? a - b : 0;
  }

  /// In so many passes a rest of the host must be seen.
  static constexpr int host_passes = 3;
  /// For so many passes a suspect waits for a rest.
  static constexpr int most_passes = 6;

  /// A cgroup with kills that passes before did not see, though it was there.
  struct Missed {
    std::uint64_t id;
    std::uint64_t total;
    Events local;
    bool is_late;
  };

  void explain(std::uint64_t id, std::uint64_t kills);
  [[nodiscard]] bool is_missed(std::uint64_t id, const Balance& balance) const;
  [[nodiscard]] std::uint64_t nearest(std::uint64_t id) const;
  void take_missed(Verdict& verdict, std::span<const Sighting> sightings,
                   std::optional<std::uint64_t> host_kills, const std::set<std::uint64_t>& waits);
  void note_latest(std::span<const Sighting> sightings, std::span<const Glimpse> glimpses);
  void take(Verdict& verdict, std::uint64_t id, Balance& balance, const Events& local,
            bool is_late);
  void take_glimpses(Verdict& verdict, std::span<const Sighting> sightings,
                     std::span<const Glimpse> glimpses, std::span<const std::uint64_t> unsettled);
  void charge(Verdict& verdict, const Suspect& suspect, std::uint64_t kills);
  void charge_rest(Verdict& verdict, std::uint64_t id, std::uint64_t kills, int passes);
  void charge_host_rest(Verdict& verdict, std::uint64_t host_kills, std::uint64_t root,
                        std::uint64_t waiting, bool is_settled);
  [[nodiscard]] Limit limit_of(std::uint64_t id) const;
  [[nodiscard]] std::set<std::uint64_t> with_ancestors(std::span<const std::uint64_t> ids) const;

  std::map<std::uint64_t, Balance> balances_;
  std::uint64_t charged_ = 0;
  std::uint64_t pass_ = 1;
  std::array<std::uint64_t, host_passes - 1> host_before_{};  // in the last passes
  std::vector<Suspect> suspects_;                             // not charged yet
  std::vector<std::uint64_t> living_;                         // in this pass; sorted at its end
  std::vector<std::uint64_t> counting_;                       // those that count, sorted
  std::vector<Missed> missed_;                                // in this pass, parents first
  std::uint64_t latest_before_ = 0;                           // the latest id before the last pass
  std::uint64_t latest_ = 0;                                  // the latest id at its end
  bool was_partial_ = false;                                  // the last pass
  std::map<std::uint64_t, std::uint64_t> late_;  // kills in it and below, of this pass, after t1
  std::set<std::uint64_t> new_ooms_;             // where a limit could not be held, in this pass
};

}  // namespace cgroup2::oom
