// SPDX-License-Identifier: Apache-2.0
// Audit: one pass of the account of OOM kills. Brings together what the tree, the watcher, the
// identities and the kernel's log know, and keeps the ledger and its file.
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
#include <utility>
#include <vector>

#include "base/dir.h"
#include "base/log.h"
#include "cgroup/tree.h"
#include "identity/resolver.h"
#include "oom/account.h"
#include "oom/kernel_log.h"
#include "oom/ledger.h"
#include "oom/watcher.h"
#include "snapshot/owner.h"
#include "snapshot/snapshot.h"

namespace cgroup2::snapshot {

/// Belongs to the poller's thread.
class Audit {
 public:
  struct Settings {
    oom::Ledger::Bounds bounds;
    std::string state_file{};  ///< empty: nothing is kept across restarts
    std::string kernel_log{};  ///< empty: victims have no names
    bool is_watching = false;  ///< whether kills between two passes are looked for
    /// Until set_max_watches().
    std::size_t max_watches = 10'000;
  };

  /// `root` and `procfs` are looked at during the passes.
  Audit(Settings settings, const base::Dir& root, const base::Dir& procfs, base::Log& log);
  /// Saves what is not saved.
  ~Audit();
  Audit(const Audit&) = delete;
  Audit& operator=(const Audit&) = delete;

  /// Starts to look for kills between two passes, if the settings say so. `wake` see
  /// oom::Watcher::start(). Called once, before the first pass.
  void start(std::function<void()> wake) {
    if (watcher_) watcher_->start(std::move(wake));
  }

  void set_bounds(oom::Ledger::Bounds bounds) { ledger_.set_bounds(bounds); }
  /// How many cgroups are watched at most, from the next pass on.
  void set_max_watches(std::size_t count) {
    if (watcher_) watcher_->set_max_count(count);
  }

  /// A pass: first this, then see() for every cgroup before its children are listed, then settle().
  void begin();
  void see(const cgroup::Node& node);
  /// `nodes` are those that were seen, in that order, `identities` are theirs. `resolver` says
  /// whose those are that nobody saw alive. `is_partial` see oom::Account.
  void settle(std::span<cgroup::Node* const> nodes,
              std::span<const std::shared_ptr<const identity::Identity>> identities,
              identity::Resolver& resolver, bool is_partial);

  /// Saves what is not saved, if there is any. settle() does so too, but at most once a second;
  /// this is for before ledger() is shown: counters that fall when a killed exporter starts again
  /// would be counted twice by Prometheus.
  void save_now();

  /// Whether a pass would find nothing: nothing happened since the last one, and nothing is left to
  /// be settled or saved. False if kills between two passes are not looked for.
  [[nodiscard]] bool is_settled() const;

  /// What the last pass left in it; the same object while nothing changes.
  [[nodiscard]] std::shared_ptr<const oom::LedgerContent> ledger() const { return shown_; }
  [[nodiscard]] AuditFigures figures() const;

  /// Whether the state could be saved when that was tried last.
  [[nodiscard]] bool has_failed() const { return has_failed_to_save_; }

 private:
  using Identities = std::span<const std::shared_ptr<const identity::Identity>>;

  struct Account {
    oom::Owner owner;
    std::string path;
    std::uint64_t seen_in = 0;                           ///< the pass
    std::shared_ptr<const identity::Identity> identity;  ///< of `owner`, if it was seen alive
    bool is_unknown = false;                             ///< nobody was asked yet who `owner` is
  };

  void load();
  void save();
  void take_owners(std::span<cgroup::Node* const> nodes, Identities identities);
  void note_living(std::chrono::milliseconds now);
  void charge(const oom::Verdict& verdict, const oom::Watcher::Report& beside,
              identity::Resolver& resolver, std::chrono::milliseconds now);
  void take_strangers(const std::vector<oom::Stranger>& strangers, identity::Resolver& resolver);
  void take_victims(identity::Resolver& resolver);
  const oom::Owner& find_owner(Account& account, identity::Resolver& resolver);
  void log_kills(const Account& account, const oom::Charge& charge);

  Settings settings_;
  base::Log& log_;
  const base::Dir& procfs_;
  oom::Account account_;
  oom::Ledger ledger_;
  std::optional<oom::KernelLog> kernel_log_;
  std::string boot_id_;
  std::uint64_t root_ = 0;  // inode of the topmost cgroup

  bool is_first_pass_ = true;
  std::uint64_t pass_ = 0;
  std::uint64_t last_eventful_pass_ = 0;
  std::chrono::steady_clock::time_point begun_{};  // of the pass
  std::optional<std::uint64_t> host_kills_;
  std::vector<oom::Sighting> sightings_;
  std::map<std::uint64_t, Account> accounts_;  // by cgroup id, of those with a memory controller
  std::vector<oom::Living> living_;            // of the pass; kept for its memory

  // Of the last pass; only made anew when cgroups or identities change, as they seldom do.
  std::size_t living_count_ = 0;
  std::set<oom::Owner> living_owners_;
  std::set<std::string> living_paths_;

  bool is_dirty_ = false;  // there is something to save
  std::chrono::steady_clock::time_point saved_{};
  bool has_failed_to_save_ = false;
  std::shared_ptr<const oom::LedgerContent> shown_ = std::make_shared<const oom::LedgerContent>();

  oom::Watcher::Figures watcher_figures_;  // of the last pass
  std::optional<oom::Watcher> watcher_;    // last: its thread ends before the rest goes
};

}  // namespace cgroup2::snapshot
