// SPDX-License-Identifier: Apache-2.0
// Time: one moment by two clocks. It is passed to whoever needs it, so that tests can set it.
#pragma once

#include <chrono>

namespace cgroup2::base {

/// The clock that nobody sets.
using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;

struct Time {
  TimePoint steady;                         ///< of the clock that nobody sets
  std::chrono::milliseconds since_1970{0};  ///< of the one that people and NTP set

  [[nodiscard]] static Time now() {
    using std::chrono::milliseconds;
    return {Clock::now(), std::chrono::duration_cast<milliseconds>(
                              std::chrono::system_clock::now().time_since_epoch())};
  }
};

}  // namespace cgroup2::base
