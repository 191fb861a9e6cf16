// SPDX-License-Identifier: Apache-2.0
// Errands: work that may have to wait, done by other threads. Whoever looks up a name in a
// directory waits for all who make and remove something there (i_rwsem, in the order of arrival):
// while 200 cgroups were made in one on an emulated CPU, a single open(2) took 18 s.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace cgroup2::oom {

/// Any thread.
class Errands {
 public:
  explicit Errands(std::size_t max_threads) : max_threads_(max_threads) {}
  /// Waits for what is being done; what has not begun is never done.
  ~Errands();
  Errands(const Errands&) = delete;
  Errands& operator=(const Errands&) = delete;

  /// Has it done soon, on a thread that is idle or, up to the bound, on a new one. Threads end that
  /// have had nothing to do for some seconds. `errand` does not throw.
  void post(std::function<void()> errand);

 private:
  using Threads = std::list<std::thread>;

  void run(Threads::iterator self);

  const std::size_t max_threads_;
  std::mutex mutex_;  // guards the following
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;
  std::size_t idle_ = 0;
  bool is_stopping_ = false;
  Threads threads_;
  Threads ended_;  // to be joined
};

}  // namespace cgroup2::oom
