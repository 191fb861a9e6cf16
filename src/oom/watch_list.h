// SPDX-License-Identifier: Apache-2.0
// WatchList: the cgroups that are watched, each with its inotify(7) watch and an open
// memory.events.local.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/dir.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/result.h"
#include "oom/events.h"
#include "oom/last_memory.h"

namespace cgroup2::oom {

/// A watched cgroup.
struct Watched {
  using Clock = std::chrono::steady_clock;

  std::uint64_t id = 0;      ///< the directory's inode
  std::uint64_t parent = 0;  ///< id
  std::string path;          ///< below the mount, raw bytes, "/" for the root
  int watch = -1;
  base::Fd events;                 ///< memory.events.local; closed: it has none, or is gone
  std::uint64_t generation = 0;    ///< inode of that file; 0: it has none
  Events last;                     ///< as read last
  Clock::time_point last_event{};  ///< when the file changed last
  Clock::time_point burst_until{};
  std::optional<Clock::time_point> removed;  ///< when that was told
  Clock::time_point memory_read{};
  LastMemory memory;

  /// Reads the file. False once it is gone.
  bool read();
};

/// A cgroup that was gone before it could be opened.
struct Missed {
  std::uint64_t id;      ///< not the kernel's, which nobody told: one that the kernel does not use
  std::uint64_t parent;  ///< id
  std::string path;
  Watched::Clock::time_point noticed;  ///< it was gone by then
};

/// Belongs to one thread.
class WatchList {
 public:
  /// Watches cgroups below `root`, at most `max_count` of them. Logs once if watches or descriptors
  /// run out.
  WatchList(base::Dir root, std::size_t max_count, base::Log& log);

  /// Whether there is inotify.
  [[nodiscard]] bool is_open() const { return inotify_.is_open(); }
  /// Descriptor of inotify, to wait for and to read events from.
  [[nodiscard]] int descriptor() const { return inotify_.number(); }

  /// Watches a cgroup and what was made in it before the watch. False if it is not there any more,
  /// or if there is no room.
  bool add(std::uint64_t id, std::uint64_t parent, std::string path);
  /// Watches a child that was just made. If it is gone already, it is missed.
  void add_child(Watched& parent, std::string_view name);
  /// Opens the file anew: its counters may begin anew under the same directory.
  void reopen(Watched& watched);
  /// Ends a watch. Returns the cgroup as it was known.
  Watched take_out(std::uint64_t id);
  /// What was missed since the last call.
  [[nodiscard]] std::vector<Missed> take_missed() { return std::exchange(missed_, {}); }
  /// From now on watches may be had again.
  void try_again() { is_full_ = false; }

  [[nodiscard]] Watched* find(std::uint64_t id);
  [[nodiscard]] Watched* find_watch(int watch);
  [[nodiscard]] Watched* find_child(const Watched& parent, std::string_view name);
  /// Calls visit(Watched&) -> bool for every cgroup below, until it is false.
  template <class Visit>
  void visit_below(const Watched& top, Visit&& visit) {
    const std::string prefix = top.path == "/" ? top.path : top.path + '/';
    for (auto at = by_path_.lower_bound(prefix);
         at != by_path_.end() && at->first.starts_with(prefix); ++at) {
      if (at->second != &top && !visit(*at->second)) return;
    }
  }
  template <class Visit>
  void visit_all(Visit&& visit) {
    for (const auto& [id, watched] : by_id_) visit(*watched);
  }
  [[nodiscard]] std::size_t size() const { return by_id_.size(); }

  /// Whether the directory is still there, as the same one.
  [[nodiscard]] bool exists(const Watched& watched) const;
  /// Its directory, if it is still there.
  [[nodiscard]] base::Result<base::Dir> open(const Watched& watched) const {
    return open(watched.path);
  }

  void warn(const char* what, int code);

 private:
  bool add(const base::Dir& dir, std::uint64_t id, std::uint64_t parent, std::string path);
  void open_events(Watched& watched, const base::Dir& dir);
  [[nodiscard]] base::Result<base::Dir> open(const std::string& path) const;

  base::Dir root_;
  std::size_t max_count_;
  base::Log& log_;
  base::Fd inotify_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Watched>> by_id_;
  std::unordered_map<int, Watched*> by_watch_;
  std::map<std::string, Watched*, std::less<>> by_path_;
  std::vector<Missed> missed_;
  std::uint64_t missed_count_ = 0;
  bool is_full_ = false;
  bool has_warned_ = false;
};

}  // namespace cgroup2::oom
