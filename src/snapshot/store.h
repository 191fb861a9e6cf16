// SPDX-License-Identifier: Apache-2.0
// Store: the newest snapshot, handed from the poller's thread to everybody else. A mutex and a
// swap: libstdc++ 12's atomic<shared_ptr> is reported as a race by ThreadSanitizer.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>

#include "base/time.h"
#include "snapshot/snapshot.h"

namespace cgroup2::snapshot {

/// All methods may be called from every thread.
class Store {
 public:
  void publish(std::shared_ptr<const Snapshot> snapshot) {
    {
      const std::lock_guard lock(mutex_);
      latest_ = std::move(snapshot);
    }
    changed_.notify_all();
  }

  /// Returns the newest snapshot, or nothing before the first.
  [[nodiscard]] std::shared_ptr<const Snapshot> latest() const {
    const std::lock_guard lock(mutex_);
    return latest_;
  }

  /// Returns the newest snapshot, after waiting until `deadline` at most for one that began at
  /// `begun` or later.
  [[nodiscard]] std::shared_ptr<const Snapshot> wait_for(base::TimePoint begun,
                                                         base::TimePoint deadline) const {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, deadline, [&] { return latest_ && latest_->begun >= begun; });
    return latest_;
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::shared_ptr<const Snapshot> latest_;
};

}  // namespace cgroup2::snapshot
