// SPDX-License-Identifier: Apache-2.0
#include "oom/worker_pool.h"

#include <pthread.h>

#include <chrono>
#include <exception>
#include <utility>

namespace cgroup2::oom {
namespace {

constexpr std::chrono::seconds max_idle{10};

}  // namespace

WorkerPool::~WorkerPool() {
  std::unique_lock lock(mutex_);
  waiting_.clear();
  is_stopping_ = true;
  changed_.notify_all();
  changed_.wait(lock, [this] { return threads_ == 0; });
}

void WorkerPool::post(Task task) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(task));
  if (idle_ > 0) changed_.notify_one();
  add_thread();
}

void WorkerPool::retry() {
  const std::lock_guard lock(mutex_);
  add_thread();
}

void WorkerPool::add_thread() {
  if (waiting_.size() <= idle_ || threads_ >= max_threads_) return;
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
  const auto has_next = [this] { return is_stopping_ || !waiting_.empty(); };
  while (true) {
    ++idle_;
    const bool is_woken = changed_.wait_for(lock, max_idle, has_next);
    --idle_;
    if (!is_woken || is_stopping_) break;
    const Task task = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    run_guarded(task);
    lock.lock();
  }
  // With the mutex held: the destructor goes on only when this thread has let go of it.
  if (--threads_ == 0) changed_.notify_all();
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
