// SPDX-License-Identifier: Apache-2.0
// Scout: looks up names in cgroups for the watcher's thread, which must not wait, and leaves what
// it found for it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/dir.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/result.h"
#include "oom/errands.h"
#include "oom/last_memory.h"
#include "oom/search.h"
#include "oom/watched.h"

namespace cgroup2::oom {

/// A living cgroup that is to be watched, or whose file is to be opened anew.
struct ToWatch {
  std::uint64_t id;
  std::uint64_t parent;  ///< id
  std::string path;
};

/// What was found since it was taken last.
struct News {
  struct Finding {
    std::shared_ptr<Sought> sought;
    base::Result<Beginning> result;
  };

  std::vector<Finding> findings;                               ///< of find()
  bool has_begun = false;                                      ///< begin_watches() was done
  std::vector<Beginning> begun;                                ///< by it
  std::vector<std::pair<std::uint64_t, LastMemory>> memories;  ///< of find_memory(), by id
  std::vector<std::uint64_t> gone;                             ///< of find_out_whether_gone(), ids
};

/// Any thread.
class Scout {
 public:
  /// Watches are added to `inotify`, which stays open longer than this.
  Scout(base::Dir root, int inotify, base::Log& log);

  /// Whether bell() could be made.
  [[nodiscard]] bool is_usable() const { return bell_.is_open(); }

  // On errands, which leave their news and ring.

  void find(std::shared_ptr<Sought> sought);
  /// No news of one that is gone, though another one has its path.
  void find_memory(std::uint64_t id, std::string path);
  /// The removal of a cgroup may have been told while the queue was full.
  void find_out_whether_gone(std::uint64_t id, std::string path);

  /// On the caller's thread, which waits. Ends early when there are no watches left. Returns how
  /// many could be watched; they are news.
  std::size_t begin_watches(std::span<const ToWatch> cgroups);

  [[nodiscard]] News take_news();

  /// An eventfd(2) that is readable after ring() and when there are news.
  [[nodiscard]] int bell() const { return bell_.number(); }
  void ring() const;

  /// Logs, once, why not all cgroups are watched.
  void warn(const char* failed, int code);

 private:
  const base::Dir root_;
  const int inotify_;
  base::Log& log_;
  const base::Fd bell_;
  std::atomic<bool> has_warned_{false};

  std::mutex mutex_;  // guards the following
  News news_;

  Errands errands_;  // last: its threads use all of the above
};

/// Whether it means that no more watches can be had.
[[nodiscard]] bool is_want_of_watches(int code);

}  // namespace cgroup2::oom
