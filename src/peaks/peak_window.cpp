// SPDX-License-Identifier: Apache-2.0
#include "peaks/peak_window.h"

#include <algorithm>

namespace cgroup2::peaks {

std::optional<std::uint64_t> larger(std::optional<std::uint64_t> a,
                                    std::optional<std::uint64_t> b) {
  if (!a) return b;
  if (!b) return a;
  return std::max(*a, *b);
}

void PeakWindow::close_period(base::TimePoint end, std::optional<std::uint64_t> highest) {
  periods_.at(next_) = {end, highest};
  next_ = (next_ + 1) % periods_.size();
}

std::optional<std::uint64_t> PeakWindow::highest_after(base::TimePoint since) const {
  std::optional<std::uint64_t> highest;
  for (const Period& period : periods_) {
    if (period.end > since) highest = larger(highest, period.highest);
  }
  return highest;
}

}  // namespace cgroup2::peaks
