// SPDX-License-Identifier: Apache-2.0
// Declares the metrics of memory.*: usage, limits and events of memory itself.
#pragma once

#include <array>

#include "catalog/metric.h"

namespace cgroup2::catalog {

/// Holds the events of which alerts and dashboards make something. The kernel counts six, and one
/// more on 7.x.
inline constexpr auto lean_memory_events = std::to_array<LeanKey>({
    {"high", Lean::everywhere},
    {"max", Lean::everywhere},
    {"oom_kill", Lean::everywhere},
});

inline constexpr auto memory_metrics = std::to_array<Metric>({
    {.name = "cgroup_memory_usage_bytes",
     .collector = Collector::memory,
     .lean = Lean::everywhere,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = value("memory.current"),
     .help = "Memory charged to the cgroup and its descendants, page cache included."},
    {.name = "cgroup_memory_limit_bytes",
     .collector = Collector::memory,
     .lean = Lean::everywhere,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = limit(value("memory.max")),
     .help = "Hard limit of the cgroup itself; absent without one."},
    {.name = "cgroup_memory_high_bytes",
     .collector = Collector::memory,
     .lean = Lean::everywhere,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = limit(value("memory.high")),
     .help = "Usage above which the cgroup is throttled and reclaimed; absent without a limit."},
    {.name = "cgroup_memory_low_bytes",
     .collector = Collector::memory,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = limit(value("memory.low")),
     .help = "Best-effort protection from reclaim; absent if all memory is protected."},
    {.name = "cgroup_memory_min_bytes",
     .collector = Collector::memory,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = limit(value("memory.min")),
     .help = "Hard protection from reclaim; absent if all memory is protected."},
    {.name = "cgroup_memory_peak_bytes",
     .collector = Collector::memory,
     .lean = Lean::workloads,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = value("memory.peak"),
     .since = "5.19",
     .help = "Highest usage since the cgroup was created."},
    {.name = "cgroup_memory_oom_group",
     .collector = Collector::memory,
     .lean = Lean::everywhere,
     .type = MetricType::gauge,
     .source = value("memory.oom.group"),
     .help = "Whether the OOM killer kills the whole cgroup at once."},
    {.name = "cgroup_memory_effective_limit_bytes",
     .collector = Collector::memory,
     .lean = Lean::everywhere,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = derived("memory.current", Derivation::effective_memory_limit),
     .help = "Smallest memory.max of the cgroup and its ancestors, the host's RAM at most."},
    {.name = "cgroup_memory_headroom_bytes",
     .collector = Collector::memory,
     .lean = Lean::everywhere,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = derived("memory.current", Derivation::headroom),
     .help = "Smallest memory.max minus memory.current of the cgroup and its ancestors; absent "
             "without any limit."},
    {.name = "cgroup_memory_events_total",
     .collector = Collector::memory,
     .type = MetricType::counter,
     .source = keys("memory.events", {.label = "event", .known_values = 7}),
     .help = "Memory events of the cgroup and its descendants; without the descendants where the "
             "hierarchy is mounted with memory_localevents."},
    {.name = "cgroup_memory_events_local_total",
     .collector = Collector::memory,
     .lean = Lean::everywhere,
     .lean_keys = lean_memory_events,
     .type = MetricType::counter,
     .source = keys("memory.events.local", {.label = "event", .known_values = 7}),
     .help = "Memory events of the cgroup itself."},
    {.name = "cgroup_memory_oom_kills_total",
     .collector = Collector::memory,
     .lean = Lean::everywhere,
     .type = MetricType::counter,
     .source = key("memory.events", "oom_kill"),
     .help = "Processes of the cgroup and its descendants that an OOM killer killed."},
});

}  // namespace cgroup2::catalog
