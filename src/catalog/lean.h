// SPDX-License-Identifier: Apache-2.0
// Says what the set `lean` shows, and what is read for it: more than it shows, because the page
// with cAdvisor's names is made of the same values.
#pragma once

#include <bitset>
#include <cstddef>
#include <string_view>

#include "catalog/catalog.h"

namespace cgroup2::catalog {

/// Selects metrics, by their index in `metrics`.
using MetricSet = std::bitset<metric_count>;

/// Says whether keys of memory.stat are told apart by that class, so that memory.stat_keys chooses
/// among them.
[[nodiscard]] constexpr bool is_of_stat_keys(KeyClass keys) {
  return keys == KeyClass::bytes || keys == KeyClass::events || keys == KeyClass::other;
}

/// Returns where the set `lean` shows the samples of a metric that have that value of the last
/// label.
[[nodiscard]] Lean lean_of(const Metric& metric, std::string_view key);

/// Says whether anything needs the metric where only its lean part is shown: /metrics or cAdvisor's
/// table.
[[nodiscard]] bool is_read_in_lean(std::size_t metric);

/// Says the same of its samples that have that value of the last label.
[[nodiscard]] bool is_read_in_lean(std::size_t metric, std::string_view key);

}  // namespace cgroup2::catalog
