// SPDX-License-Identifier: Apache-2.0
// Declares the metrics of dmem.*.
#pragma once

#include <array>

#include "catalog/metric.h"

namespace cgroup2::catalog {

inline constexpr auto dmem_metrics = std::to_array<Metric>({
    {.name = "cgroup_dmem_usage_bytes",
     .collector = Collector::dmem,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = amount(keys("dmem.current", {.label = "region"})),
     .since = "6.14",
     .help = "Device memory in use, by region."},
    {.name = "cgroup_dmem_limit_bytes",
     .collector = Collector::dmem,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = limit(keys("dmem.max", {.label = "region"})),
     .since = "6.14",
     .help = "Hard limit on device memory, by region; absent without one."},
    {.name = "cgroup_dmem_low_bytes",
     .collector = Collector::dmem,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = limit(keys("dmem.low", {.label = "region"})),
     .since = "6.14",
     .help =
         "Best-effort protection of device memory, by region; absent if all of it is protected."},
    {.name = "cgroup_dmem_min_bytes",
     .collector = Collector::dmem,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = limit(keys("dmem.min", {.label = "region"})),
     .since = "6.14",
     .help = "Hard protection of device memory, by region; absent if all of it is protected."},
    {.name = "cgroup_dmem_peak_bytes",
     .collector = Collector::dmem,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = keys("dmem.peak", {.label = "region"}),
     .since = "7.3",
     .help = "Most device memory in use since the cgroup was created, by region."},
    {.name = "cgroup_dmem_capacity_bytes",
     .collector = Collector::dmem,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = amount(keys("dmem.capacity", {.label = "region"})),
     .since = "6.14",
     .help = "Device memory that the host has, by region."},
});

}  // namespace cgroup2::catalog
