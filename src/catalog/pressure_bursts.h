// SPDX-License-Identifier: Apache-2.0
// Declares the metrics of bursts of pressure (pressure.burst-threshold, pressure.burst-window).
#pragma once

#include <array>

#include "catalog/metric.h"

namespace cgroup2::catalog {

inline constexpr auto pressure_bursts_metrics = std::to_array<Metric>({
    {.name = "cgroup_pressure_bursts_total",
     .collector = Collector::pressure_bursts,
     .type = MetricType::counter,
     .source = pressure_bursts(),
     .help = "Windows of pressure.burst_window in which tasks waited for longer than "
             "pressure.burst_threshold, since the exporter watches the cgroup."},
});

}  // namespace cgroup2::catalog
