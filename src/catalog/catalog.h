// SPDX-License-Identifier: Apache-2.0
// Joins the catalog: every metric that is made of the interface files, from one header for each
// controller. The engine names no metric; HELP and TYPE, the files to open and docs/METRICS.md are
// derived from here and from files.h. catalog.cpp checks the rows by rules.h.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "catalog/cgroup.h"
#include "catalog/cpu.h"
#include "catalog/cpuset.h"
#include "catalog/dmem.h"
#include "catalog/files.h"
#include "catalog/hugetlb.h"
#include "catalog/identity.h"
#include "catalog/io.h"
#include "catalog/io_control.h"
#include "catalog/memory.h"
#include "catalog/memory_recent_peak.h"
#include "catalog/memory_stat.h"
#include "catalog/memory_swap.h"
#include "catalog/metric.h"
#include "catalog/misc.h"
#include "catalog/network.h"
#include "catalog/oom.h"
#include "catalog/pids.h"
#include "catalog/pressure.h"
#include "catalog/pressure_bursts.h"
#include "catalog/processes.h"
#include "catalog/rdma.h"

namespace cgroup2::catalog {

/// Joins arrays of metrics in their order.
template <std::size_t... sizes>
[[nodiscard]] constexpr auto join(const std::array<Metric, sizes>&... parts) {
  std::array<Metric, (sizes + ...)> all{};
  auto end = all.begin();
  ((end = std::ranges::copy(parts, end).out), ...);
  return all;
}

/// Holds all metrics, in the order of the exposition.
inline constexpr auto metrics =
    join(identity_metrics, oom_metrics, cgroup_metrics, cpu_metrics, cpuset_metrics, memory_metrics,
         memory_stat_metrics, memory_swap_metrics, memory_recent_peak_metrics, io_metrics,
         io_control_metrics, pids_metrics, processes_metrics, pressure_metrics,
         pressure_bursts_metrics, network_metrics, network_socket_metrics, hugetlb_metrics,
         rdma_metrics, misc_metrics, dmem_metrics);

inline constexpr auto inputs = std::to_array<InputRow>({
    {.input = Input::memory_max, .source = limit(value("memory.max")), .is_of_ancestors = true},
    {.input = Input::memory_current, .source = value("memory.current"), .is_of_ancestors = true},
    {.input = Input::active_file, .source = key("memory.stat", "active_file")},
    {.input = Input::inactive_file, .source = key("memory.stat", "inactive_file")},
    {.input = Input::slab_reclaimable, .source = key("memory.stat", "slab_reclaimable")},
    {.input = Input::cpu_max, .source = ratio("cpu.max"), .is_of_ancestors = true},
    {.input = Input::cpus_asked, .source = limit(count("cpuset.cpus")), .is_of_ancestors = true},
    {.input = Input::cpus_asked,
     .source = limit(count("cpuset.cpus.exclusive")),
     .is_of_ancestors = true},
    {.input = Input::cpus_effective,
     .source = count("cpuset.cpus.effective"),
     .is_of_ancestors = true,
     .only_with = Input::cpus_asked},
});

/// Holds what the root cgroup has no file for, but /proc has with the same meaning. Amounts in
/// /proc/meminfo are in KiB.
inline constexpr auto root_rows = std::to_array<RootRow>({
    {.metric = "cgroup_memory_usage_bytes",
     .controller = "memory",
     .file = "meminfo",
     .key = "MemTotal",
     .minus = "MemFree"},
    {.metric = "cgroup_memory_swap_usage_bytes",
     .controller = "memory",
     .file = "meminfo",
     .key = "SwapTotal",
     .minus = "SwapFree"},
    {.metric = "cgroup_memory_oom_kills_total",
     .controller = "memory",
     .file = "vmstat",
     .key = "oom_kill"},
    {.metric = "cgroup_cpu_pressure_waiting_seconds_total",
     .controller = "",
     .file = "pressure/cpu",
     .key = "some",
     .member = "total"},
    {.metric = "cgroup_cpu_pressure_stalled_seconds_total",
     .controller = "",
     .file = "pressure/cpu",
     .key = "full",
     .member = "total"},
    {.metric = "cgroup_memory_pressure_waiting_seconds_total",
     .controller = "",
     .file = "pressure/memory",
     .key = "some",
     .member = "total"},
    {.metric = "cgroup_memory_pressure_stalled_seconds_total",
     .controller = "",
     .file = "pressure/memory",
     .key = "full",
     .member = "total"},
    {.metric = "cgroup_io_pressure_waiting_seconds_total",
     .controller = "",
     .file = "pressure/io",
     .key = "some",
     .member = "total"},
    {.metric = "cgroup_io_pressure_stalled_seconds_total",
     .controller = "",
     .file = "pressure/io",
     .key = "full",
     .member = "total"},
    {.metric = "cgroup_irq_pressure_stalled_seconds_total",
     .controller = "",
     .file = "pressure/irq",
     .key = "full",
     .member = "total"},
});

inline constexpr std::size_t metric_count = metrics.size();

/// Finds the index of a metric in `metrics`; metric_count if there is none of that name.
[[nodiscard]] constexpr std::size_t metric_index(std::string_view name) {
  std::size_t i = 0;
  while (i < metric_count && metrics[i].name != name) ++i;
  return i;
}

/// Finds the index of the first metric with such a source: is_wanted(const ValueSource&). There
/// must be one: what asks for another as a constant does not compile.
template <class IsWanted>
[[nodiscard]] constexpr std::size_t metric_where(IsWanted is_wanted) {
  std::size_t i = 0;
  while (!is_wanted(metrics.at(i).source)) ++i;
  return i;
}

/// Finds the indices of the metrics that are selected in one way, by which of its `count` values
/// each has: metrics_by_value<network_value_count>(Select::network, &ValueSource::network).
template <std::size_t count, class Value>
[[nodiscard]] constexpr std::array<std::size_t, count> metrics_by_value(Select select,
                                                                        Value ValueSource::*value) {
  std::array<std::size_t, count> indices{};
  for (std::size_t i = 0; i < metric_count; ++i) {
    const ValueSource& source = metrics[i].source;
    if (source.select == select) indices.at(index(source.*value)) = i;
  }
  return indices;
}

/// Returns the names of the labels that a sample has beside those of its cgroup, in their order;
/// empty where there is none.
using LabelNames = std::array<std::string_view, 2>;
[[nodiscard]] constexpr LabelNames label_names(const Metric& metric) {
  LabelNames names;
  std::size_t count = 0;
  const std::size_t file = file_index(metric.source.file);
  const std::string_view star = file < file_count ? files[file].star_label : std::string_view{};
  for (const std::string_view name : {star, metric.source.label, metric.source.member_label}) {
    if (!name.empty()) names.at(count++) = name;  // rules.h allows no third
  }
  return names;
}

}  // namespace cgroup2::catalog
