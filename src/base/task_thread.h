// SPDX-License-Identifier: Apache-2.0
// TaskThread: a thread that does what another one asks, while that one waits: for what needs
// rights that the other does not have.
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace cgroup2::base {

class TaskThread {
 public:
  using Task = std::function<void()>;

  /// Starts the thread, which calls `begin` first. Throws std::system_error if there can be none.
  explicit TaskThread(Task begin)
      : thread_([this, begin = std::move(begin)](const std::stop_token& stop) {
          begin();
          serve(stop);
        }) {}

  /// Has the thread call `task` and waits for it. Throws what that throws. For one caller at a
  /// time.
  void run(const Task& task) {
    std::unique_lock lock(mutex_);
    task_ = &task;
    changed_.notify_all();
    changed_.wait(lock, [this] { return task_ == nullptr; });
    if (error_) std::rethrow_exception(std::exchange(error_, nullptr));
  }

 private:
  void serve(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (changed_.wait(lock, stop, [this] { return task_ != nullptr; })) {
      try {
        (*task_)();
      } catch (...) {
        error_ = std::current_exception();
      }
      task_ = nullptr;
      changed_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable_any changed_;
  const Task* task_ = nullptr;
  std::exception_ptr error_;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace cgroup2::base
