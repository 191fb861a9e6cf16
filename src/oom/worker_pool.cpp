// SPDX-License-Identifier: Apache-2.0
#include "oom/worker_pool.h"

#include <pthread.h>

#include <exception>
#include <utility>

namespace cgroup2::oom {

WorkerPool::~WorkerPool() {
  std::unique_lock lock(mutex_);
  waiting_.clear();
  ended_.wait(lock, [this] { return threads_ == 0; });
}

void WorkerPool::post(Task task) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(task));
  add_thread();
}

void WorkerPool::retry() {
  const std::lock_guard lock(mutex_);
  add_thread();
}

void WorkerPool::add_thread() {
  if (waiting_.empty() || threads_ >= max_threads_) return;
  try {
    start_([this] { run(); }).detach();  // which cannot run before this has the count
    ++threads_;
  } catch (const std::exception& error) {
    if (!std::exchange(has_logged_shortage_, true))
      log_.warn("cannot start a thread that opens cgroups for the OOM watcher; retrying",
                {{"error", error.what()}});
  }
}

void WorkerPool::run() noexcept {
  ::pthread_setname_np(::pthread_self(), "oom_worker");
  std::unique_lock lock(mutex_);
  while (!waiting_.empty()) {
    const Task task = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    run_guarded(task);
    lock.lock();
  }
  // With the mutex held: the destructor goes on only when this thread has let go of it.
  if (--threads_ == 0) ended_.notify_all();
}

void WorkerPool::run_guarded(const Task& task) noexcept {
  const auto log_exception = [this](const char* problem) {
    const std::lock_guard lock(mutex_);
    if (!std::exchange(has_logged_exception_, true))
      log_.error("cannot open a cgroup for the OOM watcher", {{"error", problem}});
  };
  try {
    task();
  } catch (const std::exception& error) {
    log_exception(error.what());
  } catch (...) {
    log_exception("unknown exception");
  }
}

}  // namespace cgroup2::oom
