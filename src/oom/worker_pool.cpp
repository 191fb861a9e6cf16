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

WorkerPool::WorkerPool(std::size_t max_threads, base::Log& log, Start start)
    : max_threads_(max_threads), start_(std::move(start)), log_(log) {}

WorkerPool::~WorkerPool() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;  // from now on no thread changes the lists
    waiting_.clear();
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
  for (auto& thread : ended_) thread.join();
}

void WorkerPool::post(std::function<void()> task) {
  Threads ended;
  {
    const std::lock_guard lock(mutex_);
    ended.swap(ended_);
    waiting_.push_back(std::move(task));
    add_thread_if_wanted();
  }
  wake_.notify_one();
  for (auto& thread : ended) thread.join();
}

void WorkerPool::retry() {
  const std::lock_guard lock(mutex_);
  add_thread_if_wanted();
}

std::thread WorkerPool::start_thread(std::function<void()> body) {
  return std::thread(std::move(body));
}

void WorkerPool::add_thread_if_wanted() {
  if (waiting_.size() <= idle_ || threads_.size() >= max_threads_) return;
  const auto self = threads_.emplace(threads_.end());
  try {
    *self = start_([this, self] { run(self); });
  } catch (const std::exception& error) {
    threads_.erase(self);
    if (!std::exchange(has_logged_shortage_, true))
      log_.warn("cannot start a thread that opens cgroups for the OOM watcher; retrying",
                {{"error", error.what()}});
  }
}

void WorkerPool::run(Threads::iterator self) noexcept {
  ::pthread_setname_np(::pthread_self(), "oom_worker");
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    ++idle_;
    const bool has_some =
        wake_.wait_for(lock, max_idle, [this] { return is_stopping_ || !waiting_.empty(); });
    --idle_;
    if (is_stopping_ || !has_some) break;
    const auto task = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    run_guarded(task);
    lock.lock();
  }
  if (!is_stopping_) ended_.splice(ended_.end(), threads_, self);
}

void WorkerPool::run_guarded(const std::function<void()>& task) noexcept {
  const auto log_exception = [this](const char* problem) {
    if (!has_logged_exception_.exchange(true))
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
