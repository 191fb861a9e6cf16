// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/read_errors.h"

namespace cgroup2::test {

/// Counts all failures, whatever their file and reason.
inline std::uint64_t total(const base::ReadErrors& errors) {
  std::uint64_t sum = 0;
  for (const auto& [file_and_reason, count] : errors.counts()) sum += count;
  return sum;
}

}  // namespace cgroup2::test
