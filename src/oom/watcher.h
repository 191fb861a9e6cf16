// SPDX-License-Identifier: Apache-2.0
// Watcher: sees kills between two passes, in cgroups that may be gone a millisecond later. One
// thread, which nobody else keeps waiting. The facts that it is built on are in watcher.cpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/dir.h"
#include "base/log.h"
#include "oom/account.h"
#include "oom/last_memory.h"

namespace cgroup2::oom {

/// A living cgroup, as the tree has it.
struct Living {
  std::uint64_t id;
  std::uint64_t parent;      ///< id
  std::string_view path;     ///< below the mount, raw bytes, "/" for the root
  std::uint64_t generation;  ///< inode of memory.events.local; 0: it has none
};

/// A cgroup that is not among the living, with its path and the memory that it had.
struct Stranger {
  Glimpse glimpse;
  std::string path;
  LastMemory memory;
};

class Watcher {
 public:
  /// What the watcher says of itself.
  struct Figures {
    std::size_t watched = 0;      ///< cgroups with a watch
    std::size_t unwatched = 0;    ///< cgroups without one, for want of watches or descriptors
    std::uint64_t overflows = 0;  ///< times that the queue of inotify was full
    std::uint64_t reads = 0;      ///< of memory.events.local, after an event
  };

  /// What a pass is told.
  struct Report {
    /// The cgroups that are watched and not among the living: those that are gone, each once, and
    /// those that are too new to be among them, read now.
    std::vector<Stranger> strangers;
    /// Of the others by id, as far as their limit was reached since they are watched.
    std::map<std::uint64_t, LastMemory> memories;
    /// Ids of cgroups in which something was made that is not known yet: what they count may be
    /// of these.
    std::vector<std::uint64_t> unsettled;
    Figures figures;
  };

  /// Watches the cgroups below `root`, at most `max_count` of them.
  Watcher(base::Dir root, std::size_t max_count, base::Log& log);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  /// Starts the thread, which watches from the first exchange() on. Called once; before it nothing
  /// is watched. `wake` is called on the watcher's thread when a pass should come soon: a cgroup
  /// appeared, or a kill was seen. Throws std::system_error if there can be no thread.
  void start(std::function<void()> wake);

  /// Another bound from the next exchange() on. What is watched already stays so. For the thread
  /// that calls exchange().
  void set_max_count(std::size_t max_count);

  /// Tells which cgroups there are and gets what is known beside them; then what was not watched
  /// is watched. Waits for the watcher's thread. `begun` is when the pass began, before anything
  /// was read. Logs once if watches or descriptors run out: then passes alone count, and kills in
  /// cgroups that come and go between them have no owner. So they do after a failure of the
  /// watcher's thread (no memory), which is logged: nothing is watched from then on.
  [[nodiscard]] Report exchange(std::span<const Living> living,
                                std::chrono::steady_clock::time_point begun);

  /// Whether all cgroups of the last exchange() are watched and nothing was made, removed or
  /// counted in them since: another pass would find nothing. Any thread.
  [[nodiscard]] bool is_quiet() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cgroup2::oom
