// SPDX-License-Identifier: Apache-2.0
// Errands: work that may have to wait, done by other threads. Whoever looks up a name in a
// directory waits for all who make and remove something there (i_rwsem, in the order of arrival):
// while 200 cgroups were made in one on an emulated CPU, a single open(2) took 18 s.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

#include "base/log.h"

namespace cgroup2::oom {

/// Any thread.
class Errands {
 public:
  /// Makes a thread that calls what it is given. Throws if there can be none.
  using Start = std::function<std::thread(std::function<void()>)>;

  Errands(std::size_t max_threads, base::Log& log, Start start = start_thread);
  /// Waits for what is being done; what has not begun is never done.
  ~Errands();
  Errands(const Errands&) = delete;
  Errands& operator=(const Errands&) = delete;

  /// Has it done soon, on a thread that is idle or, up to the bound, on a new one. Threads end that
  /// have had nothing to do for some seconds. Where no thread can be made (pids.max, RLIMIT_NPROC)
  /// the errand waits for one that exists, or for the next post() or retry(). What `errand` throws
  /// ends it; of both the first is logged.
  void post(std::function<void()> errand);

  /// Makes a thread for those that wait, where there was none to be had before.
  void retry();

 private:
  using Threads = std::list<std::thread>;

  static std::thread start_thread(std::function<void()> body);
  void add_thread_if_wanted();
  void run(Threads::iterator self) noexcept;
  void do_guarded(const std::function<void()>& errand) noexcept;

  const std::size_t max_threads_;
  const Start start_;
  base::Log& log_;
  std::atomic<bool> has_complained_{false};  // of an errand that threw

  std::mutex mutex_;  // guards the following
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  std::size_t idle_ = 0;
  bool is_stopping_ = false;
  bool has_warned_ = false;  // that there are no threads
  Threads threads_;
  Threads ended_;  // to be joined
};

}  // namespace cgroup2::oom
