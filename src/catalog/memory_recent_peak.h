// SPDX-License-Identifier: Apache-2.0
// Declares the metrics of the highest use of the last while (memory.peak-window).
#pragma once

#include <array>

#include "catalog/metric.h"

namespace cgroup2::catalog {

inline constexpr auto memory_recent_peak_metrics = std::to_array<Metric>({
    {.name = "cgroup_memory_recent_peak_bytes",
     .collector = Collector::memory_recent_peak,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = recent_peak(PeakValue::memory),
     .since = "5.19",
     .help =
         "Highest memory usage of the last memory.peak_window; where memory.peak cannot be reset "
         "only while that has the highest usage of all time."},
    {.name = "cgroup_memory_swap_recent_peak_bytes",
     .collector = Collector::memory_recent_peak,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = recent_peak(PeakValue::swap),
     .since = "6.5",
     .help = "Highest use of swap of the last memory.peak_window; where memory.swap.peak cannot be "
             "reset only while that has the highest use of all time."},
});

}  // namespace cgroup2::catalog
