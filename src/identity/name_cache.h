// SPDX-License-Identifier: Apache-2.0
// NameCache: looks up the names of containers and pods, and keeps them.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/rooted.h"
#include "identity/annotations.h"
#include "identity/backoff.h"
#include "identity/host_files.h"
#include "identity/log_links.h"
#include "identity/lookup_counts.h"
#include "identity/machines.h"
#include "identity/names.h"
#include "identity/pod_logs.h"
#include "identity/runtime_roots.h"
#include "identity/runtime_states.h"
#include "identity/runtimes.h"
#include "identity/user_names.h"

namespace cgroup2::identity {

/// The names of one container or pod. All of its cgroups share it.
struct NameEntry {
  NameQuery query;
  Names names;
  IdentitySource source = IdentitySource::none;  ///< the first that has a name
  bool is_done = false;                          ///< it is not looked up again
  bool is_populated = true;      ///< a cgroup of it has processes, or that is not known
  bool was_found_empty = false;  ///< it had no processes when this process began, and has none
  unsigned looks = 0;
  Backoff backoff;
};

/// Asks the sources below the host's root, in the order of their costs, with back-off until all
/// names are known: the kubelet makes its link after the container's cgroup, and a runtime may
/// write its files later still. It does not ask for what is left over. Forgets entries
/// that nobody holds. Belongs to one thread.
///
/// In a cgroup of their own, users may call another by the id of another user's container.
/// Therefore only sources that read their own files are asked (SourceRow::has_files_of_users).
class NameCache {
 public:
  using Clock = std::chrono::steady_clock;

  /// `root` is the host's; if it is closed there are no names. `labels` are the keys whose values
  /// Names::labels gets. `counts` must outlive this.
  NameCache(base::Dir root, std::vector<std::string> labels, LookupCounts& counts);

  /// Sets what find_runtime_roots() needs, which look() calls once a minute. Before that the usual
  /// directories count. `procfs` must outlive this.
  void find_roots(RootSettings settings, const base::Dir& procfs) {
    root_settings_ = std::move(settings);
    procfs_ = &procfs;
    next_roots_ = Clock::time_point::min();
  }

  /// Returns the entry of a container or pod; nullptr for workloads that no file can name. One of a
  /// kubelet inside of a container is never looked up. An entry stays in the cache while somebody
  /// holds it. `user` as in NameQuery.
  [[nodiscard]] std::shared_ptr<NameEntry> open(const Workload& workload,
                                                const base::SharedText& path,
                                                const base::SharedText& user);

  /// Has an entry looked up anew, because its cgroup was replaced by another one with the same
  /// path. It keeps its names until then.
  void ask_again(const std::shared_ptr<NameEntry>& entry);

  /// Looks up the entries that are due and returns whether any names changed, or whether one may
  /// still come. Begins with no entry when `max_time` is over, and reads at most 2 MiB for each
  /// user; the entries that are left come first in the next call.
  bool look(Clock::time_point now, Clock::duration max_time = std::chrono::milliseconds(100));

  /// Looks up the entry of a container or pod whose cgroup is gone, unless it was looked up
  /// already, and returns whether its names changed. Holds it until the next look(), so that all
  /// cgroups of the container share one lookup. Until then, of each user 16 are looked up and 2 MiB
  /// are read, and of all users as many as begin within `max_time`: the entries beyond that keep no
  /// names. What is root's is looked up always.
  bool look_at_removed(const std::shared_ptr<NameEntry>& entry, Clock::time_point now,
                       Clock::duration max_time = std::chrono::milliseconds(100));

  /// Whether the files had a minute to name the entry.
  [[nodiscard]] static bool had_a_minute(const NameEntry& entry);

  /// Whether the entry is of a container or pod that ended and whose cgroup is still there. It had
  /// a minute for its names, unless it had ended before this process began.
  [[nodiscard]] static bool is_left_over(const NameEntry& entry);

  /// Whether the entry is a container's that has no name and may still get one.
  [[nodiscard]] static bool may_get_name(const NameEntry& entry);

  /// Returns, once, the cgroup of a pod of the host's kubelet that has processes and no name after
  /// a minute, if no pod ever had one: then this process cannot read the directories that have the
  /// names.
  [[nodiscard]] std::optional<std::string> take_nameless_pod();

  /// Returns when the next entry is due, if none is opened until then.
  [[nodiscard]] Clock::time_point next_look() const { return next_look_; }

  /// Returns the names of the host's users.
  [[nodiscard]] UserNames& users() { return users_; }

  /// Returns the machines of systemd-machined, which also tell the workloads of cgroups.
  [[nodiscard]] Machines& machines() { return machines_; }
  [[nodiscard]] const Machines& machines() const { return machines_; }

  /// Returns the states of crun and runc, which also tell the workloads of cgroups.
  [[nodiscard]] RuntimeStates& states() { return states_; }

 private:
  using Entries = std::vector<std::weak_ptr<NameEntry>>;

  struct Turn;  // the lookups of one user in a pass

  struct LooksAtRemoved {  // of one user, since the last look()
    unsigned count = 0;
    std::size_t bytes = 0;
  };

  Entries& queue_of(const NameEntry& entry) {
    const base::SharedText& user = entry.query.user;
    return user.empty() ? pending_ : pending_of_users_[std::string(user)];
  }
  void find_roots_if_due(Clock::time_point now);
  bool take_turns(Clock::time_point now, Clock::time_point end);
  bool take_turns_of_users(Clock::time_point now, Clock::time_point end);
  bool take_one(Turn& turn, Clock::time_point now);
  void finish(Turn& turn, Clock::time_point now);
  bool look_up(NameEntry& entry, Clock::time_point now);
  void note_nameless(const NameEntry& entry);

  base::Rooted root_;
  Annotations annotations_;
  ReadBudget budget_;  // of the user whose entry is looked up
  HostFiles files_{root_, annotations_, &budget_};
  LookupCounts& counts_;
  LogLinks log_links_{root_};
  PodLogs pod_logs_{root_, files_.roots.pod_logs};
  Machines machines_{root_};
  RuntimeStates states_{files_};
  UserNames users_{root_};
  RootSettings root_settings_;
  const base::Dir* procfs_ = nullptr;  // nullptr: the usual directories count
  Clock::time_point next_roots_ = Clock::time_point::max();
  std::unordered_map<std::string, std::weak_ptr<NameEntry>> entries_;
  // Entries that are not done. A user may have any number of containers, and files that take long
  // to read, so the users' entries come last, one of each user after the other.
  Entries pending_;
  std::map<std::string, Entries> pending_of_users_;
  std::string last_user_;  // who had the last turn
  Clock::time_point next_look_ = Clock::time_point::min();
  std::vector<std::shared_ptr<NameEntry>> removed_;       // looked up since the last look()
  std::map<std::string, LooksAtRemoved> looks_of_users_;  // of these
  Clock::duration time_of_users_{};                       // that they took
  std::optional<std::string> nameless_pod_;
  bool has_pod_names_ = false;  // some pod had a name
};

}  // namespace cgroup2::identity
