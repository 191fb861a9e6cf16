// SPDX-License-Identifier: Apache-2.0
// Backoff: when something that seldom changes is looked at again.
#pragma once

#include <algorithm>
#include <chrono>

namespace cgroup2::identity {

/// Due at once, then a second after every change, then twice as long after every look that found
/// nothing new.
class Backoff {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr Clock::duration shortest = std::chrono::seconds(1);
  static constexpr Clock::duration longest = std::chrono::minutes(5);

  [[nodiscard]] bool is_due(Clock::time_point now) const { return now >= next_; }
  [[nodiscard]] Clock::time_point next() const { return next_; }

  void note_look(Clock::time_point now, bool is_changed) {
    interval_ = is_changed ? shortest : std::clamp(interval_ * 2, shortest, longest);
    next_ = now + interval_;
  }

 private:
  Clock::time_point next_ = Clock::time_point::min();
  Clock::duration interval_{};
};

}  // namespace cgroup2::identity
