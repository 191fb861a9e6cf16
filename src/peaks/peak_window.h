// SPDX-License-Identifier: Apache-2.0
// PeakWindow: the highest value of the last while, from the highest values of short periods. Pure.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/time.h"

namespace cgroup2::peaks {

/// Periods are no shorter than this part of the window, so that as many of them cover it.
inline constexpr std::size_t periods_per_window = 4;

/// Returns the larger of two values; nothing if there is neither.
[[nodiscard]] std::optional<std::uint64_t> larger(std::optional<std::uint64_t> a,
                                                  std::optional<std::uint64_t> b);

/// Holds the highest values of the last periods of one file.
class PeakWindow {
 public:
  /// Takes the highest value of the period that ends at `end`; nothing where it is not known.
  void close_period(base::TimePoint end, std::optional<std::uint64_t> highest);

  /// Returns the highest value of the periods that ended after `since`: of all that was after it,
  /// and of up to one period before.
  [[nodiscard]] std::optional<std::uint64_t> highest_after(base::TimePoint since) const;

 private:
  struct Period {
    base::TimePoint end;
    std::optional<std::uint64_t> highest;
  };

  // One more than cover the window: one may be closed early.
  std::array<Period, periods_per_window + 1> periods_{};
  std::size_t next_ = 0;
};

}  // namespace cgroup2::peaks
