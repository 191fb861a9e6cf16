// SPDX-License-Identifier: Apache-2.0
// Resolver: decides whose a cgroup is, by its path, the namespaces of its processes and the files
// of runtimes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/dir.h"
#include "base/read_errors.h"
#include "identity/backoff.h"
#include "identity/host_namespaces.h"
#include "identity/identity.h"
#include "identity/lookup_counts.h"
#include "identity/name_cache.h"
#include "identity/processes.h"
#include "identity/runtimes.h"
#include "identity/workload.h"

namespace cgroup2::identity {

/// A cgroup to resolve. What it refers to must stay for one call.
struct ResolverInput {
  static constexpr std::size_t no_parent = static_cast<std::size_t>(-1);

  std::uint64_t id;       ///< the directory's inode
  std::size_t parent;     ///< index of the parent among the inputs, or no_parent
  std::string_view path;  ///< below the mount, raw bytes
  const base::Dir* dir;   ///< where cgroup.procs is read
};

/// Calls a task and returns when that is done, on whichever thread may read the namespaces of
/// processes.
using RunProbe = std::function<void(const std::function<void()>& task)>;

/// Calls it on the calling thread.
inline void run_here(const std::function<void()>& task) { task(); }

/// Keeps its results by cgroup id and probes again with back-off. Forgets cgroups that are not
/// among the inputs any more. Belongs to one thread.
class Resolver {
 public:
  using Clock = std::chrono::steady_clock;

  /// `procfs` is the directory of the host's procfs. Counts and logs through `errors` if that
  /// belongs to another pid namespace than ours: then only paths and files decide. `root` is the
  /// host's root; if it is closed there are no files. `labels` are the keys whose values
  /// Names::labels gets. `run_probe` reads the namespaces.
  Resolver(base::Dir procfs, base::Dir root, std::vector<std::string> labels,
           base::ReadErrors& errors, RunProbe run_probe = run_here);

  /// Resolves all cgroups of one poll (parents before children) and puts one identity for each into
  /// `identities`: the same pointer as last time where nothing changed. `now` decides which cgroups
  /// are probed again.
  void resolve(std::span<const ResolverInput> inputs, Clock::time_point now,
               std::vector<std::shared_ptr<const Identity>>& identities);

  /// Returns when resolve() has something to probe or look up again, if no cgroup is added or
  /// removed until then.
  [[nodiscard]] Clock::time_point next_look() const { return next_look_; }

  /// Returns whose a cgroup was that was removed before it was resolved, by its path and the files
  /// that are left.
  [[nodiscard]] Identity describe(std::string_view path);

  /// Returns how often each source was asked since the start.
  [[nodiscard]] const LookupCounts& lookups() const { return *counts_; }

  /// Returns how many containers in pods of the host's own kubelet have processes, but after a
  /// minute no pod name.
  [[nodiscard]] std::size_t nameless() const { return nameless_; }

  /// Whether the processes of all cgroups of the last resolve() could be probed, as far as there
  /// are any: false if this process lacks a right or the host's pid namespace.
  [[nodiscard]] bool can_probe_all() const { return processes_.can_probe() && denied_ == 0; }

 private:
  struct CgroupRecord {
    std::string path;  // if it changes, another cgroup has the inode (never on cgroup2)
    Workload path_owner;
    IdentitySource path_source = IdentitySource::none;  // none: there is no owner
    NamespaceProbe probe;
    bool is_confirmed = false;  // two probes had the same result
    Backoff backoff;
    Workload owner;
    IdentitySource source = IdentitySource::none;
    std::shared_ptr<NameEntry> entry;  // may be nullptr
    std::optional<std::uint32_t> directory_owner;
    std::string maker;  // uid of who may have made it; empty: root
    std::string user;   // uid of who chose its name; empty: root
    std::string user_name;
    std::shared_ptr<const Identity> identity;
    std::uint64_t last_call = 0;
  };

  void look_at_host(Clock::time_point now);
  CgroupRecord& find_or_make(const ResolverInput& input, std::span<const ResolverInput> inputs);
  static void note_directory_owner(CgroupRecord& record, const base::Dir& dir);
  void take_maker(CgroupRecord& record, const ResolverInput& input,
                  std::span<const ResolverInput> inputs);
  [[nodiscard]] std::string maker_below(const CgroupRecord& parent) const;
  void take_path(CgroupRecord& record, const ResolverInput& input);
  [[nodiscard]] static bool is_user_shown(std::string_view path, const Workload& owner);
  [[nodiscard]] std::string user_of_removed(std::string_view path, const Workload& owner) const;
  void look(CgroupRecord& record, const ResolverInput& input, Clock::time_point now);
  void forget_others();
  void decide(std::span<const ResolverInput> inputs);
  void open_entries();
  void look_for_processes(std::span<const ResolverInput> inputs);
  [[nodiscard]] std::size_t count_nameless() const;
  void publish(std::span<const ResolverInput> inputs, Clock::time_point now);
  [[nodiscard]] std::uint64_t private_network(const CgroupRecord& record) const;
  [[nodiscard]] bool has_namespaces_of_owner(const CgroupRecord& record) const;

  base::ReadErrors& errors_;
  const RunProbe run_probe_;
  std::unique_ptr<LookupCounts> counts_ = std::make_unique<LookupCounts>();  // stays where it is
  Processes processes_;
  HostNamespaces host_;
  Backoff host_backoff_;
  NameCache name_cache_;
  std::unordered_map<std::uint64_t, CgroupRecord> records_;
  std::vector<CgroupRecord*> order_;         // of the inputs of this call; kept for its memory
  std::optional<std::uint32_t> root_owner_;  // of the topmost cgroup
  std::size_t denied_ = 0;
  std::size_t nameless_ = 0;
  Clock::time_point next_look_ = Clock::time_point::min();
  std::uint64_t call_ = 0;
  std::size_t known_in_call_ = 0;
  bool is_dirty_ = false;
};

}  // namespace cgroup2::identity
