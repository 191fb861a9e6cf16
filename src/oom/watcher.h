// SPDX-License-Identifier: Apache-2.0
// Watcher: sees kills between two passes, in cgroups that may be gone a millisecond later. One
// thread, which nobody else keeps waiting.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <span>
#include <thread>

#include "base/dir.h"
#include "base/inotify.h"
#include "base/log.h"
#include "base/time.h"
#include "oom/cgroup_opener.h"
#include "oom/observation.h"
#include "oom/shares.h"
#include "oom/watch_state.h"

namespace cgroup2::oom {

class Watcher {
 public:
  /// Will watch the cgroups below `root`, at most `max_count` of them: see WatchState.
  Watcher(base::Dir root, std::size_t max_count, SubtreeOf subtree_of, base::Log& log);
  /// Ends the thread and waits for it.
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  /// Starts the thread, which calls `wake` when a pass should come soon: a cgroup appeared, or a
  /// kill was seen. Logs if it cannot: then passes alone count, and kills in cgroups that come and
  /// go between them have no owner.
  /// The thread calls `begin` first, and so before any of those that it starts.
  void start(
      std::function<void()> wake, std::function<void()> begin = [] {});

  /// Sets another bound from the next exchange() on. For the thread that calls exchange().
  void set_max_count(std::size_t max_count) { max_count_ = max_count; }

  /// Tells which cgroups the walk of a pass saw, that began at `begun`, and gets what the
  /// watcher knows; what was not watched is watched soon. Waits for the watcher's thread. Logs once
  /// if watches or descriptors run out. After a failure of the thread (no memory), which is logged,
  /// and before start() nothing is watched.
  [[nodiscard]] WatchReport exchange(std::span<const Observation> observations,
                                     base::TimePoint begun);

  /// Whether all cgroups of the last exchange() are watched and nothing was made, removed or
  /// counted in them since: another pass would find nothing. Any thread.
  [[nodiscard]] bool is_quiet() const { return is_quiet_; }

 private:
  struct Exchange {
    std::span<const Observation> observations;
    base::TimePoint begun;
    std::size_t max_count;
    WatchReport report{};
  };

  void run(const std::function<void()>& begin) noexcept;
  void watch();
  [[nodiscard]] bool wait() const;
  void serve();
  void answer(Exchange& exchange);
  void log_failure(const base::Error& error);

  std::size_t max_count_;  // of the thread that calls exchange()
  base::Log& log_;
  std::atomic<bool> is_quiet_{false};
  const base::Inotify inotify_;
  CgroupOpener opener_;

  std::mutex mutex_;  // guards the following
  std::condition_variable answered_;
  Exchange* exchange_ = nullptr;
  bool is_running_ = false;
  bool is_stopping_ = false;

  // Of the watcher's thread.
  std::function<void()> wake_;
  WatchState state_;
  bool has_logged_failure_ = false;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace cgroup2::oom
