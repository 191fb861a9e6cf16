// SPDX-License-Identifier: Apache-2.0
#include "processes/fair_limit.h"

#include <algorithm>

namespace cgroup2::processes {

std::size_t fair_limit(std::vector<std::size_t> needs, std::size_t budget) {
  std::ranges::sort(needs);
  for (std::size_t i = 0; i < needs.size(); ++i) {
    const std::size_t share = budget / (needs.size() - i);
    if (needs[i] > share) return share;
    budget -= needs[i];
  }
  return std::numeric_limits<std::size_t>::max();
}

}  // namespace cgroup2::processes
