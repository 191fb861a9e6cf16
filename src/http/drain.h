// SPDX-License-Identifier: Apache-2.0
// Drain: counts the requests that are being answered, so that a stop can wait for them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace cgroup2::http {

/// All methods may be called from many threads at once.
class Drain {
 public:
  /// A request that is being answered, from construction to destruction.
  class Scope {
   public:
    explicit Scope(Drain& drain) : drain_(drain) {
      const std::lock_guard lock(drain_.mutex_);
      ++drain_.requests_;
    }
    ~Scope() {
      const std::lock_guard lock(drain_.mutex_);
      if (--drain_.requests_ == 0) drain_.became_empty_.notify_all();
    }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    Drain& drain_;
  };

  /// Tells whether close() was called: connections should not be kept any more.
  [[nodiscard]] bool is_closing() const {
    const std::lock_guard lock(mutex_);
    return is_closing_;
  }

  /// Waits until no request is being answered, at most `timeout`. Returns whether that is so.
  /// Requests may still begin.
  bool close(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    is_closing_ = true;
    return became_empty_.wait_for(lock, timeout, [this] { return requests_ == 0; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable became_empty_;
  unsigned requests_ = 0;
  bool is_closing_ = false;
};

}  // namespace cgroup2::http
