// SPDX-License-Identifier: Apache-2.0
// Resolver: decides whose a cgroup is, by its path, the namespaces of its processes and the files
// of runtimes.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/dir.h"
#include "base/read_errors.h"
#include "base/shared_text.h"
#include "identity/backoff.h"
#include "identity/host_namespaces.h"
#include "identity/identity.h"
#include "identity/lookup_counts.h"
#include "identity/name_cache.h"
#include "identity/nested_names.h"
#include "identity/processes.h"
#include "identity/runtimes.h"
#include "identity/workload.h"

namespace cgroup2::identity {

/// A cgroup to resolve. What it refers to must stay for one call, and `dir` until the next one.
struct ResolverInput {
  static constexpr std::size_t no_parent = static_cast<std::size_t>(-1);

  std::uint64_t id;       ///< the directory's inode
  std::size_t parent;     ///< index of the parent among the inputs, or no_parent
  base::SharedText path;  ///< below the mount, raw bytes
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

  /// Has the directories of runtimes found: see find_runtime_roots().
  void find_roots(RootSettings settings) {
    name_cache_.find_roots(std::move(settings), processes_.procfs());
  }

  /// Resolves all cgroups of one poll (parents before children) and puts one identity for each into
  /// `identities`: the same pointer as last time where nothing changed. `now` decides which cgroups
  /// are probed again.
  void resolve(std::span<const ResolverInput> inputs, Clock::time_point now,
               std::vector<std::shared_ptr<const Identity>>& identities);

  /// Returns when resolve() has something to probe or look up again, if no cgroup is added or
  /// removed until then.
  [[nodiscard]] Clock::time_point next_look() const { return next_look_; }

  /// Identifies a cgroup that is not among the inputs, for example because it was removed, by its
  /// path, the known directories above it and the files that are left. By its unit alone if a
  /// service or scope above it is gone, too, and nobody saw who could make cgroups in that. Goes
  /// through all records, and may look up the names of the container or pod: see
  /// NameCache::look_at_removed(). If any came, the next resolve() decides anew.
  [[nodiscard]] Identity identify_by_path(const base::SharedText& path);

  /// Returns how often each source was asked since the start.
  [[nodiscard]] const LookupCounts& lookups() const { return *counts_; }

  /// Returns how many containers in pods of the host's own kubelet have processes, but after a
  /// minute no pod name.
  [[nodiscard]] std::size_t nameless() const { return nameless_; }

  /// Returns the namespaces of the host, as far as they are known.
  [[nodiscard]] const HostNamespaces& host() const { return host_; }

  /// Whether the processes of all cgroups of the last resolve() could be probed, as far as there
  /// are any: false if this process lacks a right or the host's pid namespace.
  [[nodiscard]] bool can_probe_all() const { return processes_.can_probe() && denied_ == 0; }

 private:
  struct CgroupRecord {
    base::SharedText path;  // if it changes, another cgroup has the inode (never on cgroup2)
    Workload path_workload;
    IdentitySource path_source = IdentitySource::none;  // none: it tells no workload
    NamespaceProbe probe;
    std::optional<std::uint64_t> first_start;  // the first that was found; it does not move
    bool has_new_start = false;                // it was found in this call
    bool is_confirmed = false;                 // two probes had the same result
    Backoff backoff;
    std::unique_ptr<const Workload> other_workload;  // instead of path_workload; often none
    IdentitySource source = IdentitySource::none;
    std::shared_ptr<NameEntry> entry;  // may be nullptr
    const base::Dir* dir = nullptr;    // of the last call's input
    std::optional<std::uint32_t> directory_owner;
    base::SharedText maker;  // uid of who may have made it; empty: root
    base::SharedText user;   // uid of who chose its name; empty: root
    base::SharedText user_name;
    std::shared_ptr<const Identity> identity;
    std::uint64_t first_call = 0;
    std::uint64_t last_call = 0;

    [[nodiscard]] const Workload& workload() const {
      return other_workload ? *other_workload : path_workload;
    }
  };

  void look_at_host(Clock::time_point now);
  CgroupRecord& find_or_make(const ResolverInput& input, std::span<const ResolverInput> inputs);
  static void note_directory_owner(CgroupRecord& record, const base::Dir& dir);
  void take_maker(CgroupRecord& record, const ResolverInput& input,
                  std::span<const ResolverInput> inputs);
  [[nodiscard]] base::SharedText maker_below(const CgroupRecord& parent) const;
  void take_path(CgroupRecord& record, const ResolverInput& input);
  [[nodiscard]] std::optional<Workload> machine_of(const CgroupRecord& record,
                                                   const Workload& workload) const;
  [[nodiscard]] base::SharedText user_name_of(std::string_view path, const Workload& workload,
                                              const base::SharedText& user, Clock::time_point now);
  [[nodiscard]] std::optional<base::SharedText> user_of_removed(std::string_view path,
                                                                const Workload& workload);
  void look_at_due(std::span<const ResolverInput> inputs, Clock::time_point now);
  std::optional<NamespaceProbe> probe(CgroupRecord& record, const ResolverInput& input);
  void note_look(CgroupRecord& record, const std::optional<NamespaceProbe>& probe,
                 Clock::time_point now);
  static bool begins_with_first_below(const CgroupRecord& record);
  void take_starts_from_below(std::span<const ResolverInput> inputs);
  void forget_others();
  void decide(std::span<const ResolverInput> inputs);
  void open_entries();
  void look_for_processes(std::span<const ResolverInput> inputs, Clock::time_point now);
  [[nodiscard]] std::size_t count_nameless() const;
  void find_nested();
  bool look_for_nested(std::span<const ResolverInput> inputs, Clock::time_point now);
  [[nodiscard]] base::SharedText nested_name_of(const CgroupRecord& record) const;
  void publish(std::span<const ResolverInput> inputs, Clock::time_point now);
  [[nodiscard]] std::uint64_t private_network(const CgroupRecord& record) const;
  [[nodiscard]] bool has_namespaces_of_workload(const CgroupRecord& record) const;

  base::ReadErrors& errors_;
  const RunProbe run_probe_;
  std::unique_ptr<LookupCounts> counts_ = std::make_unique<LookupCounts>();  // stays where it is
  Processes processes_;
  HostNamespaces host_;
  Backoff host_backoff_;
  NameCache name_cache_;
  NestedNames nested_names_;
  std::unordered_map<std::uint64_t, CgroupRecord> records_;
  std::vector<CgroupRecord*> order_;  // of the inputs of this call; kept for its memory
  // Of those that are due in this call, by index, and what was seen; kept for their memory.
  std::vector<std::size_t> due_;
  std::vector<std::optional<NamespaceProbe>> probes_;
  std::optional<std::uint32_t> root_owner_;  // of the topmost cgroup
  std::size_t denied_ = 0;
  std::size_t nameless_ = 0;
  Clock::time_point next_look_ = Clock::time_point::min();
  std::uint64_t call_ = 0;
  std::size_t known_in_call_ = 0;
  bool is_dirty_ = false;
  bool has_new_starts_ = false;
};

}  // namespace cgroup2::identity
