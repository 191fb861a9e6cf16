// SPDX-License-Identifier: Apache-2.0
// Divides what a poll may examine among cgroups. Pure.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

namespace cgroup2::processes {

/// Returns the most that one may take, so that all take no more than `budget` together: whoever
/// needs less leaves the rest to the others.
[[nodiscard]] std::size_t fair_limit(std::vector<std::size_t> needs, std::size_t budget);

}  // namespace cgroup2::processes
