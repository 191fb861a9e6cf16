// SPDX-License-Identifier: Apache-2.0
// Columns: what a poll read, one column per metric of the catalog. Absent means not pushed.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

#include "catalog/catalog.h"

namespace cgroup2::cgroup {

/// Index of a label value in Labels.
using LabelId = std::uint16_t;
inline constexpr LabelId no_label = std::numeric_limits<LabelId>::max();

/// The values of catalog::label_names(), in their order. Most metrics have none.
using LabelIds = std::array<LabelId, 2>;
inline constexpr LabelIds no_labels{no_label, no_label};

/// Index of a cgroup among the exported ones.
using Owner = std::uint32_t;
inline constexpr Owner no_owner = std::numeric_limits<Owner>::max();

/// One value. u64 as the kernel printed it; where catalog::is_fraction() a double's bits.
struct Sample {
  Owner owner;
  LabelIds labels;
  std::uint64_t bits;
};
static_assert(sizeof(Sample) == 16, "a host with 10,000 cgroups has a million of them");

[[nodiscard]] inline double to_double(const Sample& sample) {
  return std::bit_cast<double>(sample.bits);
}
[[nodiscard]] inline std::uint64_t to_bits(double value) {
  return std::bit_cast<std::uint64_t>(value);
}

/// Column i belongs to catalog::metrics[i]. Owners ascend within what one file gave.
struct Columns {
  std::array<std::vector<Sample>, catalog::metric_count> columns;
};

}  // namespace cgroup2::cgroup
