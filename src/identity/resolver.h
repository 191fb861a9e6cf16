// SPDX-License-Identifier: Apache-2.0
// Resolver: whose cgroup it is. Decides between what the path says and what the namespaces of its
// processes say.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/dir.h"
#include "base/read_errors.h"
#include "identity/backoff.h"
#include "identity/host.h"
#include "identity/namespaces.h"
#include "identity/paths.h"

namespace cgroup2::identity {

/// Which source decided. The words appear in cgroup_info{name_source}.
enum class Source {
  none,        ///< nothing says more than the path as it is
  path,        ///< the path has the shape of a runtime
  namespaces,  ///< its processes live in the namespaces of a container that a path named, or in a
               ///< pid namespace of their own
  parent,      ///< it has no process to ask, and lies below a cgroup that `namespaces` decided
};

/// "none", "path", "namespaces", "parent".
[[nodiscard]] std::string_view to_string(Source source);

/// Everything known of a cgroup's owner. Const once it is handed out.
struct Identity {
  PathIdentity owner;  ///< container_id is "pidns:<inode>" and runtime "unknown" for a container
                       ///< that no runtime claims
  Source source = Source::none;
  std::optional<Namespaces> namespaces;  ///< of the process that was asked; nothing if there is
                                         ///< none or it may not be read

  friend bool operator==(const Identity&, const Identity&) = default;
};

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
  /// belongs to another pid namespace than ours: then only paths decide.
  Resolver(base::Dir procfs, base::ReadErrors& errors);

  /// Resolves all cgroups of one poll (parents before children) and puts one identity for each into
  /// `identities`: the same pointer as last time where nothing changed. `now` decides which cgroups
  /// are looked at again.
  void resolve(std::span<const Subject> subjects, Clock::time_point now,
               std::vector<std::shared_ptr<const Identity>>& identities);

  /// Whether the processes of all cgroups of the last resolve() could be asked, as far as there are
  /// any: false if that wants a right or a pid namespace that we do not have.
  [[nodiscard]] bool may_ask_everybody() const { return has_our_pids_ && denied_ == 0; }

 private:
  // What a cgroup's processes said when they were asked last.
  struct Facts {
    bool is_empty = false;
    bool is_denied = false;
    std::optional<Namespaces> namespaces{};

    friend bool operator==(const Facts&, const Facts&) = default;
  };

  struct Entry {
    std::string path;  // an inode may come back under another one, though not on cgroup2
    std::shared_ptr<const Identity> identity;
    Facts facts;
    bool is_confirmed = false;  // the facts were the same twice
    bool has_path_owner = false;
    Backoff backoff;
    std::uint64_t last_call = 0;
  };

  Entry& find_or_make(const Subject& subject);
  void look(Entry& entry, const Subject& subject, Clock::time_point now);
  std::optional<Facts> ask(const Subject& subject);  // nothing: the last facts stay
  void forget_others();
  void decide(std::span<const Subject> subjects);
  [[nodiscard]] bool is_teacher(const Entry& entry) const;

  base::Dir procfs_;
  base::ReadErrors& errors_;
  bool has_our_pids_;
  Host host_;
  Backoff host_backoff_;
  std::unordered_map<std::uint64_t, Entry> entries_;
  std::vector<Entry*> order_;  // of the subjects of this call; kept for its memory
  std::size_t denied_ = 0;
  std::uint64_t call_ = 0;
  std::size_t known_in_call_ = 0;
  bool is_dirty_ = false;
};

}  // namespace cgroup2::identity
