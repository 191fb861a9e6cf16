// SPDX-License-Identifier: Apache-2.0
// Holds what a poll read in one column per metric of the catalog. A value that is absent has no
// sample.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

#include "catalog/catalog.h"

namespace cgroup2::cgroup {

/// Indexes a label value in LabelTable.
using LabelId = std::uint16_t;
inline constexpr LabelId no_label = std::numeric_limits<LabelId>::max();

/// Holds the values of catalog::label_names(), in their order. Most metrics have none.
using LabelIds = std::array<LabelId, 2>;
inline constexpr LabelIds no_labels{no_label, no_label};

/// Indexes a cgroup among the exported ones.
using CgroupIndex = std::uint32_t;
inline constexpr CgroupIndex no_cgroup = std::numeric_limits<CgroupIndex>::max();

/// Holds one value: the kernel's integer, or a double's bits where catalog::is_fraction().
struct Sample {
  CgroupIndex cgroup;
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

/// Holds the samples of catalog::metrics[i] in column i. Cgroups ascend within what one file gave.
struct Columns {
  std::array<std::vector<Sample>, catalog::metric_count> columns;
};

}  // namespace cgroup2::cgroup
