// SPDX-License-Identifier: Apache-2.0
// KillTracker: one pass over the OOM kills, from reading them to saving them. Brings together what
// the walk, the watcher, the kernel's log and the identities say, and keeps the ledger.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/dir.h"
#include "base/log.h"
#include "base/time.h"
#include "oom/kernel_log.h"
#include "oom/kill_attribution.h"
#include "oom/kill_log.h"
#include "oom/last_uses.h"
#include "oom/ledger.h"
#include "oom/observation.h"
#include "oom/owner_lookup.h"
#include "oom/shares.h"
#include "oom/start_counts.h"
#include "oom/state_file.h"
#include "oom/subtree_log.h"
#include "oom/tracker_figures.h"
#include "oom/unnamed_owners.h"
#include "oom/watcher.h"

namespace cgroup2::oom {

struct TrackerSettings {
  std::string state_file{};                     ///< empty: nothing is kept across restarts
  std::string kernel_log{};                     ///< empty: victims have no names
  bool is_watching = false;                     ///< whether kills between two passes are looked for
  std::function<void()> begin_watcher = [] {};  ///< called first by the watcher's thread
  SubtreeOf subtree_of = subtree_of_all;        ///< whose share of a bound a cgroup takes
};

/// Belongs to the poller's thread.
class KillTracker {
 public:
  /// Loads the state. `root` is the directory of the hierarchy; `procfs` lives longer than this.
  KillTracker(TrackerSettings settings, const base::Dir& root, const base::Dir& procfs,
              base::Log& log);
  /// Saves what is not saved.
  ~KillTracker();
  KillTracker(const KillTracker&) = delete;
  KillTracker& operator=(const KillTracker&) = delete;

  /// Starts the watcher. `wake` asks for a pass soon; it is called on its thread and in settle().
  void start(std::function<void()> wake);

  /// Set bounds that take effect in the next pass: of the ledger, and of the cgroups that are
  /// watched, 10,000 before.
  void set_bounds(Ledger::Bounds bounds) { ledger_.set_bounds(bounds); }
  void set_max_watches(std::size_t count);

  /// Takes what a poll saw of the memory of cgroups: see LastUses.
  void note_uses(std::vector<MemoryUse>& uses, base::TimePoint begun, base::TimePoint ended) {
    uses_.take(uses, begun, ended);
  }

  /// A pass: begin(), observe() for each cgroup before its children are listed, parents first, then
  /// settle() with the owners of those that were observed, in their order. `is_partial`: see
  /// PassInput.
  void begin(const base::Time& now);
  void observe(const Observation& seen) { observations_.push_back(seen); }
  void settle(std::span<const Owner* const> owners, OwnerLookup& lookup, bool is_partial,
              const base::Time& now);

  /// Returns the number of the last pass's report of the watcher, 0 if nobody watches, and by
  /// observation since which report no file of the cgroup was written: see WatchReport. Valid until
  /// the next settle().
  [[nodiscard]] std::uint64_t report_number() const { return report_number_; }
  [[nodiscard]] std::span<const std::uint64_t> unwritten_since() const { return unwritten_since_; }

  /// Saves what is not saved. settle() does so too, but at most once a second; this is for before
  /// ledger() is shown: to Prometheus a counter that falls when a killed exporter starts again is a
  /// new one, which it adds.
  void save_now();

  /// Whether a pass would find nothing: nothing happened since the last one, and nothing is left to
  /// be decided or saved. False where nobody watches.
  [[nodiscard]] bool is_settled() const;

  /// Returns what the last pass left in the ledger; the same object while nothing changes.
  [[nodiscard]] std::shared_ptr<const LedgerContent> ledger() const { return published_; }
  [[nodiscard]] TrackerFigures figures() const;
  /// Whether the state could not be saved when that was tried last.
  [[nodiscard]] bool has_failed() const { return file_.has_failed(); }

 private:
  static constexpr std::size_t initial_max_watches = 10'000;  // until set_max_watches()

  struct Known {
    Owner owner{};
    base::SharedText path{};
    std::uint64_t seen_in = 0;  // the pass
    bool is_to_be_asked = false;
    bool is_start_open = false;  // it may be a container whose start is not counted yet
    std::unique_ptr<Owner> owner_of_kills{};  // attributed last, if any; their limit may follow
    LastRise rise{};                          // before these
  };

  void take_owners(std::span<const Owner* const> owners, OwnerLookup& lookup);
  void take_late(const std::vector<LateObservation>& late, OwnerLookup& lookup);
  void take_late_names(OwnerLookup& lookup);
  [[nodiscard]] std::vector<LoggedLimit> take_victims(OwnerLookup& lookup);
  [[nodiscard]] std::map<std::string_view, std::uint64_t> ids_by_path() const;
  void add_kills(const std::vector<AttributedKills>& attributed, const WatchReport& report,
                 OwnerLookup& lookup, std::chrono::milliseconds now);
  void add_limits(const std::vector<KillsByLimit>& limits, bool is_logged);
  void add_unattributed(const std::vector<UnattributedKills>& unattributed, bool is_logged);
  const Owner& ask_owner(Known& known, OwnerLookup& lookup);
  void forget(base::TimePoint now);
  void save();

  base::Log& log_;
  const base::Dir& procfs_;
  std::string boot_id_;
  std::uint64_t root_ = 0;  // inode of the topmost cgroup
  KillAttribution attribution_;
  Ledger ledger_;
  std::optional<KernelLog> kernel_log_;
  KillLog kill_log_;
  SubtreeLog evicted_log_;    // subtrees of which owners were evicted
  SubtreeLog unwatched_log_;  // subtrees of which cgroups have no watch
  StateFile file_;

  std::uint64_t pass_ = 0;
  std::uint64_t last_eventful_pass_ = 0;
  base::TimePoint begun_{};  // of the pass
  std::optional<std::uint64_t> host_kills_;
  std::vector<Observation> observations_;
  std::map<std::uint64_t, Known> known_;  // by cgroup id, of those with a memory controller
  UnnamedOwners unnamed_;
  LastUses uses_;
  StartCounts starts_;

  // Of the last pass; made anew when cgroups or owners change, as they seldom do.
  std::size_t living_count_ = 0;
  std::set<Owner> living_owners_;
  std::set<std::string_view> living_paths_;  // of known_

  bool is_dirty_ = false;  // there is something to save
  base::TimePoint saved_{};
  std::shared_ptr<const LedgerContent> published_ = std::make_shared<const LedgerContent>();

  WatchFigures watch_figures_;  // of the last pass, as what follows
  std::uint64_t report_number_ = 0;
  std::vector<std::uint64_t> unwritten_since_;
  std::function<void()> wake_;
  const std::function<void()> begin_watcher_;
  std::optional<Watcher> watcher_;  // last: its thread ends before the rest goes
};

}  // namespace cgroup2::oom
