// SPDX-License-Identifier: Apache-2.0
#include "oom/errands.h"

#include <pthread.h>

#include <chrono>
#include <utility>

namespace cgroup2::oom {
namespace {

constexpr std::chrono::seconds longest_idle{10};

}  // namespace

Errands::~Errands() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;  // from now on nobody changes the lists
    waiting_.clear();
  }
  wake_.notify_all();
  for (auto& thread : threads_) thread.join();
  for (auto& thread : ended_) thread.join();
}

void Errands::post(std::function<void()> errand) {
  Threads ended;
  {
    const std::lock_guard lock(mutex_);
    ended.swap(ended_);
    waiting_.push_back(std::move(errand));
    if (waiting_.size() > idle_ && threads_.size() < max_threads_) {
      const auto self = threads_.emplace(threads_.end());
      *self = std::thread([this, self] { run(self); });
    }
  }
  wake_.notify_one();
  for (auto& thread : ended) thread.join();
}

void Errands::run(Threads::iterator self) {
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
  if (!is_stopping_) ended_.splice(ended_.end(), threads_, self);
}

}  // namespace cgroup2::oom
