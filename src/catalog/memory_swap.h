// SPDX-License-Identifier: Apache-2.0
// Declares the metrics of memory.swap.* and memory.zswap.*.
#pragma once

#include <array>

#include "catalog/metric.h"

namespace cgroup2::catalog {

inline constexpr auto memory_swap_metrics = std::to_array<Metric>({
    {.name = "cgroup_memory_swap_usage_bytes",
     .collector = Collector::memory_swap,
     .lean = Lean::everywhere,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = value("memory.swap.current"),
     .help = "Swap used by the cgroup and its descendants."},
    {.name = "cgroup_memory_swap_limit_bytes",
     .collector = Collector::memory_swap,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = limit(value("memory.swap.max")),
     .help = "Swap limit of the cgroup itself; absent without one."},
    {.name = "cgroup_memory_swap_high_bytes",
     .collector = Collector::memory_swap,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = limit(value("memory.swap.high")),
     .help = "Swap usage above which the cgroup is throttled; absent without a limit."},
    {.name = "cgroup_memory_swap_peak_bytes",
     .collector = Collector::memory_swap,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = value("memory.swap.peak"),
     .since = "6.5",
     .help = "Highest swap usage since the cgroup was created."},
    {.name = "cgroup_memory_swap_events_total",
     .collector = Collector::memory_swap,
     .type = MetricType::counter,
     .source = keys("memory.swap.events", {.label = "event", .known_values = 3}),
     .help = "Swap events of the cgroup and its descendants."},
    {.name = "cgroup_memory_zswap_usage_bytes",
     .collector = Collector::memory_zswap,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = value("memory.zswap.current"),
     .since = "5.19",
     .help = "Memory that holds compressed swap of the cgroup and its descendants."},
    {.name = "cgroup_memory_zswap_limit_bytes",
     .collector = Collector::memory_zswap,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = limit(value("memory.zswap.max")),
     .since = "5.19",
     .help = "Limit on compressed swap in memory; absent without one."},
    {.name = "cgroup_memory_zswap_writeback",
     .collector = Collector::memory_zswap,
     .type = MetricType::gauge,
     .source = value("memory.zswap.writeback"),
     .since = "6.8",
     .help = "Whether compressed swap may be written to the swap device."},
});

}  // namespace cgroup2::catalog
