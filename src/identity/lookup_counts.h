// SPDX-License-Identifier: Apache-2.0
// LookupCounts: how often each source was asked, and with what result.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "identity/names.h"
#include "identity/runtimes.h"

namespace cgroup2::identity {

/// Counts since the start. Belongs to one thread.
class LookupCounts {
 public:
  void add(IdentitySource source, LookupResult result) {
    ++counts_.at(static_cast<std::size_t>(source)).at(static_cast<std::size_t>(result));
  }
  [[nodiscard]] std::uint64_t get(IdentitySource source, LookupResult result) const {
    return counts_.at(static_cast<std::size_t>(source)).at(static_cast<std::size_t>(result));
  }

 private:
  std::array<std::array<std::uint64_t, lookup_result_count>, source_count> counts_{};
};

}  // namespace cgroup2::identity
