// SPDX-License-Identifier: Apache-2.0
// PageMetrics: the metrics of which the page makes columns and bars. No other file names them.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "cgroup/samples.h"

namespace cgroup2::status {

enum class PageMetric {
  // Counters first: a rate takes two readings of them.
  cpu_usage,
  cpu_throttled,
  cpu_waiting,
  memory_waiting,
  io_waiting,
  // Gauges, and what is shown as it is.
  cpu_limit,
  cpu_effective_limit,
  memory_usage,
  memory_unreclaimable,
  memory_limit,
  memory_effective_limit,
  memory_swap,
  pids,
  pids_limit,
  oom_kills,
};
inline constexpr std::size_t counter_count = 5;

/// By PageMetric.
inline constexpr auto page_metric_names = std::to_array<std::string_view>({
    "cgroup_cpu_usage_seconds_total",
    "cgroup_cpu_throttled_seconds_total",
    "cgroup_cpu_pressure_waiting_seconds_total",
    "cgroup_memory_pressure_waiting_seconds_total",
    "cgroup_io_pressure_waiting_seconds_total",
    "cgroup_cpu_limit_cores",
    "cgroup_cpu_effective_limit_cores",
    "cgroup_memory_usage_bytes",
    "cgroup_memory_unreclaimable_bytes",
    "cgroup_memory_limit_bytes",
    "cgroup_memory_effective_limit_bytes",
    "cgroup_memory_swap_usage_bytes",
    "cgroup_pids",
    "cgroup_pids_limit",
    "cgroup_memory_oom_kills_total",
});
inline constexpr std::size_t page_metric_count = page_metric_names.size();
static_assert(static_cast<std::size_t>(PageMetric::oom_kills) + 1 == page_metric_count);

/// Returns the index in catalog::metrics.
[[nodiscard]] constexpr std::size_t metric_of(std::size_t metric) {
  return catalog::metric_index(page_metric_names.at(metric));
}

/// The values of one cgroup, in the base units of the catalog. What is not known is absent.
class Values {
 public:
  void set(std::size_t metric, double value) {
    values_.at(metric) = value;
    is_present_.set(metric);
  }
  [[nodiscard]] std::optional<double> operator[](PageMetric metric) const {
    const auto i = static_cast<std::size_t>(metric);
    if (!is_present_.test(i)) return std::nullopt;
    return values_[i];
  }

 private:
  std::array<double, page_metric_count> values_{};
  std::bitset<page_metric_count> is_present_;
};

/// Converts a sample to its base unit.
[[nodiscard]] double to_base_unit(const cgroup::Sample& sample, catalog::Unit unit);

/// Takes the values of so many cgroups, by cgroup::CgroupIndex.
[[nodiscard]] std::vector<Values> take_values(const cgroup::Columns& samples, std::size_t cgroups);

}  // namespace cgroup2::status
