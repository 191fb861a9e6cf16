// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace cgroup2::base {

/// Returns a - b, or 0 if b is larger: counts that belong together are not read at one moment.
[[nodiscard]] constexpr std::uint64_t difference_or_zero(std::uint64_t a, std::uint64_t b) {
  return a > b ? a - b : 0;
}

}  // namespace cgroup2::base
