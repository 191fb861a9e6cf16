// SPDX-License-Identifier: Apache-2.0
#include "oom/errands.h"

#include <pthread.h>

#include <chrono>
#include <thread>
#include <utility>

namespace cgroup2::oom {
namespace {

constexpr std::chrono::seconds longest_idle{10};

}  // namespace

Errands::~Errands() {
  std::unique_lock lock(mutex_);
  is_stopping_ = true;
  waiting_.clear();
  wake_.notify_all();
  ended_.wait(lock, [this] { return threads_ == 0; });
}

void Errands::post(std::function<void()> errand) {
  const std::lock_guard lock(mutex_);
  waiting_.push_back(std::move(errand));
  wake_.notify_one();
  if (waiting_.size() <= idle_ || threads_ == max_threads_) return;
  std::thread([this] { run(); }).detach();
  ++threads_;
}

void Errands::run() {
  ::pthread_setname_np(::pthread_self(), "oom_errand");
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    ++idle_;
    const bool has_some =
        wake_.wait_for(lock, longest_idle, [this] { return is_stopping_ || !waiting_.empty(); });
    --idle_;
    if (is_stopping_ || !has_some) break;
    const auto errand = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    errand();
    lock.lock();
  }
  --threads_;
  std::notify_all_at_thread_exit(ended_, std::move(lock));
}

}  // namespace cgroup2::oom
