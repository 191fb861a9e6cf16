// SPDX-License-Identifier: Apache-2.0
// Drain: counts what is being answered, so that a stop can wait for it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace cgroup2::http {

/// All methods may be called from many threads at once.
class Drain {
 public:
  /// Something that is being answered, from construction to destruction.
  class Visit {
   public:
    explicit Visit(Drain& drain) : drain_(drain) {
      const std::lock_guard lock(drain_.mutex_);
      ++drain_.visits_;
    }
    ~Visit() {
      const std::lock_guard lock(drain_.mutex_);
      if (--drain_.visits_ == 0) drain_.became_empty_.notify_all();
    }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

   private:
    Drain& drain_;
  };

  /// Whether close() was called: connections should not be kept any more.
  [[nodiscard]] bool is_closing() const {
    const std::lock_guard lock(mutex_);
    return is_closing_;
  }

  /// Waits until nothing is being answered, at most `timeout`. Returns whether that is so. Visits
  /// may still begin.
  bool close(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    is_closing_ = true;
    return became_empty_.wait_for(lock, timeout, [this] { return visits_ == 0; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable became_empty_;
  unsigned visits_ = 0;
  bool is_closing_ = false;
};

}  // namespace cgroup2::http
