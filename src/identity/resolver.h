// SPDX-License-Identifier: Apache-2.0
// Resolver: whose cgroup it is. Decides between what the path, the namespaces of its processes and
// the files of runtimes say.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/dir.h"
#include "base/read_errors.h"
#include "identity/backoff.h"
#include "identity/host.h"
#include "identity/identity.h"
#include "identity/name_book.h"
#include "identity/paths.h"
#include "identity/processes.h"
#include "identity/source.h"

namespace cgroup2::identity {

/// A cgroup as the resolver needs it, for the time of one call.
struct Subject {
  static constexpr std::size_t no_parent = static_cast<std::size_t>(-1);

  std::uint64_t id;       ///< the directory's inode
  std::size_t parent;     ///< index of the parent among the subjects, or no_parent
  std::string_view path;  ///< below the mount, raw bytes
  const base::Dir* dir;   ///< where cgroup.procs is read
};

/// Remembers what it found by cgroup id and asks again with back-off. Belongs to one thread.
/// Forgets cgroups that it is not asked for any more.
class Resolver {
 public:
  using Clock = std::chrono::steady_clock;

  /// `procfs` is the directory of the host's procfs. Counts and logs through `errors` if that
  /// belongs to another pid namespace than ours: then only paths and files decide. `root` is the
  /// host's root (closed: there are no files), `labels` those of the runtimes that are wanted.
  Resolver(base::Dir procfs, base::Dir root, std::vector<std::string> labels,
           base::ReadErrors& errors);

  /// Resolves all cgroups of one poll (parents before children) and puts one identity for each into
  /// `identities`: the same pointer as last time where nothing changed. `now` decides which cgroups
  /// are looked at again.
  void resolve(std::span<const Subject> subjects, Clock::time_point now,
               std::vector<std::shared_ptr<const Identity>>& identities);

  /// When resolve() has something to ask again, if there are no other cgroups until then.
  [[nodiscard]] Clock::time_point next_look() const { return next_look_; }

  /// Whose a cgroup was that nobody resolved while it was there: what its path and the files that
  /// are left say.
  [[nodiscard]] Identity describe(std::string_view path);

  /// How often each source was asked, since the start.
  [[nodiscard]] const LookupCounts& lookups() const { return *counts_; }

  /// Whether the processes of all cgroups of the last resolve() could be asked, as far as there are
  /// any: false if that wants a right or a pid namespace that we do not have.
  [[nodiscard]] bool may_ask_everybody() const { return processes_.may_be_asked() && denied_ == 0; }

 private:
  struct Entry {
    std::string path;  // an inode may come back under another one, though not on cgroup2
    PathIdentity path_owner;
    Source path_source = Source::none;  // none: path_owner is nobody
    Facts facts;
    bool is_confirmed = false;  // the facts were the same twice
    Backoff backoff;
    PathIdentity owner;
    Source source = Source::none;
    std::shared_ptr<Page> page;  // may be nullptr
    std::string user;            // below whose own manager it is called so; empty: no user
    std::shared_ptr<const Identity> identity;
    std::uint64_t last_call = 0;
  };

  void look_at_host(Clock::time_point now);
  Entry& find_or_make(const Subject& subject);
  void take_path(Entry& entry);
  void look(Entry& entry, const Subject& subject, Clock::time_point now);
  void forget_others();
  void decide(std::span<const Subject> subjects);
  void open_pages();
  void publish(std::span<const Subject> subjects);
  [[nodiscard]] std::uint64_t private_network(const Entry& entry) const;
  [[nodiscard]] bool is_teacher(const Entry& entry) const;

  base::ReadErrors& errors_;
  std::unique_ptr<LookupCounts> counts_ = std::make_unique<LookupCounts>();  // stays where it is
  Processes processes_;
  Host host_;
  Backoff host_backoff_;
  NameBook book_;
  std::unordered_map<std::uint64_t, Entry> entries_;
  std::vector<Entry*> order_;  // of the subjects of this call; kept for its memory
  std::size_t denied_ = 0;
  Clock::time_point next_look_ = Clock::time_point::min();
  std::uint64_t call_ = 0;
  std::size_t known_in_call_ = 0;
  bool is_dirty_ = false;
};

}  // namespace cgroup2::identity
