// SPDX-License-Identifier: Apache-2.0
#include "oom/errands.h"

#include <pthread.h>

#include <chrono>
#include <exception>
#include <utility>

namespace cgroup2::oom {
namespace {

constexpr std::chrono::seconds longest_idle{10};

}  // namespace

Errands::Errands(std::size_t max_threads, base::Log& log, Start start)
    : max_threads_(max_threads), start_(std::move(start)), log_(log) {}

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
    add_thread_if_wanted();
  }
  wake_.notify_one();
  for (auto& thread : ended) thread.join();
}

void Errands::retry() {
  const std::lock_guard lock(mutex_);
  add_thread_if_wanted();
}

std::thread Errands::start_thread(std::function<void()> body) {
  return std::thread(std::move(body));
}

void Errands::add_thread_if_wanted() {
  if (waiting_.size() <= idle_ || threads_.size() >= max_threads_) return;
  const auto self = threads_.emplace(threads_.end());
  try {
    *self = start_([this, self] { run(self); });
  } catch (const std::exception& error) {
    threads_.erase(self);
    if (!std::exchange(has_warned_, true))
      log_.warn("cannot make a thread to look for cgroups with OOM kills: it is tried again",
                {{"error", error.what()}});
  }
}

void Errands::run(Threads::iterator self) noexcept {
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
    do_guarded(errand);
    lock.lock();
  }
  if (!is_stopping_) ended_.splice(ended_.end(), threads_, self);
}

void Errands::do_guarded(const std::function<void()>& errand) noexcept {
  const auto complain = [this](const char* problem) {
    if (!has_complained_.exchange(true))
      log_.error("cannot look for a cgroup with OOM kills", {{"error", problem}});
  };
  try {
    errand();
  } catch (const std::exception& error) {
    complain(error.what());
  } catch (...) {
    complain("unknown exception");
  }
}

}  // namespace cgroup2::oom
