// SPDX-License-Identifier: Apache-2.0
// Backoff: decides when something that seldom changes is looked at again.
#pragma once

#include <algorithm>
#include <chrono>

namespace cgroup2::identity {

/// Is due at once, then a second after every change. Every look that found nothing new doubles the
/// interval.
class Backoff {
 public:
  using Clock = std::chrono::steady_clock;

  static constexpr Clock::duration min_interval = std::chrono::seconds(1);
  static constexpr Clock::duration max_interval = std::chrono::minutes(5);
  /// How many looks there are until a minute is over: while these find nothing new, they are at 0,
  /// 1, 3, 7, 15, 31 and 63 seconds.
  static constexpr unsigned looks_in_first_minute = 7;

  [[nodiscard]] bool is_due(Clock::time_point now) const { return now >= next_; }
  [[nodiscard]] Clock::time_point next() const { return next_; }

  void note_look(Clock::time_point now, bool is_changed) {
    interval_ = is_changed ? min_interval : std::clamp(interval_ * 2, min_interval, max_interval);
    next_ = now + interval_;
  }

 private:
  Clock::time_point next_ = Clock::time_point::min();
  Clock::duration interval_{};
};

}  // namespace cgroup2::identity
