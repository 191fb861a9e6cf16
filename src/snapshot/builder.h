// SPDX-License-Identifier: Apache-2.0
// Builder: what a poll does. Walks, resolves and reads, and makes a Snapshot of it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/dir.h"
#include "base/log.h"
#include "base/read_errors.h"
#include "base/time.h"
#include "cgroup/interface.h"
#include "cgroup/reader.h"
#include "cgroup/tree.h"
#include "identity/resolver.h"
#include "identity/runtime_roots.h"
#include "machine/machine_reader.h"
#include "machine/statfs.h"
#include "oom/kill_tracker.h"
#include "snapshot/burst_columns.h"
#include "snapshot/event_texts.h"
#include "snapshot/feature_judge.h"
#include "snapshot/kill_observer.h"
#include "snapshot/network_collector.h"
#include "snapshot/peak_columns.h"
#include "snapshot/process_columns.h"
#include "snapshot/settings.h"
#include "snapshot/snapshot.h"
#include "snapshot/start_times.h"

namespace cgroup2::snapshot {

/// The host's trees. sysfs may be closed (devices keep their numbers).
struct Roots {
  base::Dir cgroupfs;
  base::Dir procfs;
  base::Dir sysfs;
  base::Dir rootfs;  ///< may be closed: containers keep their ids
};

/// What no reload changes of how cgroups are named.
struct IdentitySettings {
  identity::RootSettings roots;
  std::vector<std::string> runtime_labels;  ///< that are exported
};

/// Belongs to one thread. start() may be called by another, before that one begins.
class Builder {
 public:
  /// `tracker` says how OOM kills are tracked, `names` how cgroups are named, `run_probe` reads the
  /// namespaces of processes, `ask` asks how full file systems are, `run_peak_opener` opens
  /// memory.peak to reset it; without it nothing is written. `begin_burst_counter` is called first
  /// by the thread that counts bursts.
  Builder(Roots roots, Settings settings, oom::TrackerSettings tracker, base::Log& log,
          const IdentitySettings& names = {}, identity::RunProbe run_probe = identity::run_here,
          machine::AskFilesystems ask = machine::ask_filesystems,
          peaks::RunOpener run_peak_opener = {}, std::function<void()> begin_burst_counter = {});

  /// Starts the watcher of OOM kills, if `tracker` says so, and the thread that counts bursts.
  /// `wake` is called, also on another thread, when scan() should come soon. Called once, before
  /// the first build(), or never.
  void start(std::function<void()> wake) {
    tracker_.start(std::move(wake));
    burst_columns_.start();
  }

  /// Takes other settings from the next build() on.
  void apply(Settings settings);

  /// Polls once. Never fails: what cannot be read is absent, counted and logged once.
  [[nodiscard]] std::shared_ptr<const Snapshot> build();

  /// Does what a poll does before it reads values: finds cgroups, says whose they are, tracks OOM
  /// kills. For five minutes at most, while the watcher says that there is nothing to be found and
  /// the kernel counts as many cgroups as before, it only looks at namespaces and names that are
  /// due, and returns false if none are.
  bool scan();

 private:
  struct Prepared {
    std::size_t path_hash = 0;  // an inode may come back under another path, not on cgroup2
    std::shared_ptr<const Cgroup> cgroup;
    std::uint64_t used_in = 0;    // the walk
    bool is_unpopulated = false;  // when it was polled last
  };

  [[nodiscard]] bool is_settled() const;
  void walk();
  void note_dropped(Snapshot& snapshot);
  cgroup::Outcome resolve();
  void prepare_cgroups();
  cgroup::Outcome track_kills(bool is_shown);
  [[nodiscard]] bool is_skipped(const cgroup::Node& node);
  void choose_cgroups(Snapshot& snapshot);
  void note_misses(Snapshot& snapshot);
  void note_uses(const Snapshot& snapshot);

  base::Log& log_;
  base::ReadErrors errors_;
  base::Dir procfs_;
  machine::MachineReader machine_reader_;
  cgroup::Interface interface_;
  oom::KillTracker tracker_;
  EventTexts event_texts_;
  KillObserver kill_observer_;
  cgroup::Tree tree_;
  cgroup::Reader reader_;
  FeatureJudge feature_judge_{procfs_, interface_, reader_};
  identity::Resolver resolver_;
  NetworkCollector network_;
  StartTimes start_times_;
  ProcessColumns process_columns_;
  PeakColumns peak_columns_;
  BurstColumns burst_columns_;
  cgroup::CollectorSet enabled_;
  catalog::MetricSet narrowed_;
  catalog::CgroupKindSet kinds_;
  bool skips_unpopulated_ = false;
  std::shared_ptr<const std::vector<std::string>> runtime_labels_;

  std::set<std::string> logged_subtrees_;  // of which cgroups were dropped: paths
  std::set<std::size_t> logged_misses_;    // rows of files
  std::optional<base::TimePoint> walked_;  // when the last walk began

  std::uint64_t walk_ = 0;
  std::unordered_map<std::uint64_t, Prepared> prepared_;  // by cgroup id
  // By Node::index; kept for their memory.
  std::vector<std::shared_ptr<const Cgroup>> cgroups_;
  std::vector<const oom::Owner*> owners_;
  std::vector<identity::ResolverInput> to_resolve_;
  std::vector<std::shared_ptr<const identity::Identity>> identities_;
  std::vector<bool> is_exported_;
  std::vector<bool> is_needed_;
  std::vector<cgroup::CgroupIndex> indices_;  // of those that are exported
  std::vector<cgroup::CgroupToRead> to_read_;
  std::vector<std::size_t> place_of_;
  std::vector<std::uint64_t> unwritten_since_;
  std::vector<oom::MemoryUse> memory_uses_;
};

}  // namespace cgroup2::snapshot
