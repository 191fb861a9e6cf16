// SPDX-License-Identifier: Apache-2.0
// WorkerPool: threads for tasks that may have to wait. Whoever looks up a name in a directory waits
// for all who make and remove something there (i_rwsem, in the order of arrival): while 200 cgroups
// were made in one on an emulated CPU, a single open(2) took 18 s.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

#include "base/log.h"

namespace cgroup2::oom {

/// Any thread.
class WorkerPool {
 public:
  using Task = std::function<void()>;
  /// Makes a thread that calls what it is given. Throws if there can be none.
  using Start = std::function<std::thread(Task)>;

  WorkerPool(std::size_t max_threads, base::Log& log, Start start = start_thread)
      : max_threads_(max_threads), start_(std::move(start)), log_(log) {}
  /// Waits for the tasks that run; those that have not begun never do.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Runs a task soon, on a thread that is idle or, up to the bound, on a new one. A thread ends
  /// after ten seconds without a task. Where no thread can be made (pids.max, RLIMIT_NPROC) the
  /// task waits for one that exists, or for the next post() or retry(). An exception ends the task.
  /// The first failure of each kind is logged.
  void post(Task task);

  /// Starts a thread for tasks that wait, where none could be made before.
  void retry();

 private:
  static std::thread start_thread(Task body) { return std::thread(std::move(body)); }
  void add_thread();
  void run() noexcept;
  void run_guarded(const Task& task) noexcept;

  const std::size_t max_threads_;
  const Start start_;
  base::Log& log_;

  std::mutex mutex_;  // guards the following
  std::condition_variable changed_;
  std::deque<Task> waiting_;
  std::size_t threads_ = 0;
  std::size_t idle_ = 0;  // of them
  bool is_stopping_ = false;
  bool has_logged_shortage_ = false;  // of threads
  bool has_logged_exception_ = false;
};

}  // namespace cgroup2::oom
