// SPDX-License-Identifier: Apache-2.0
// Declares the metrics of pids.*.
#pragma once

#include <array>

#include "catalog/metric.h"

namespace cgroup2::catalog {

inline constexpr auto pids_metrics = std::to_array<Metric>({
    {.name = "cgroup_pids",
     .collector = Collector::pids,
     .lean = Lean::everywhere,
     .type = MetricType::gauge,
     .source = value("pids.current"),
     .help = "Tasks (threads, zombies included) in the cgroup and its descendants."},
    {.name = "cgroup_pids_limit",
     .collector = Collector::pids,
     .lean = Lean::everywhere,
     .type = MetricType::gauge,
     .source = limit(value("pids.max")),
     .help = "Limit on tasks of the cgroup itself; absent without one."},
    {.name = "cgroup_pids_peak",
     .collector = Collector::pids,
     .type = MetricType::gauge,
     .source = value("pids.peak"),
     .since = "6.1",
     .help = "Most tasks there were since the cgroup was created."},
    {.name = "cgroup_pids_events_total",
     .collector = Collector::pids,
     .type = MetricType::counter,
     .source = keys("pids.events", {.label = "event", .known_values = 1}),
     .help =
         "Forks that a limit on tasks refused; up to 6.10, and where the hierarchy is mounted with "
         "pids_localevents, counted only where fork failed, else where the limit is and above."},
    {.name = "cgroup_pids_events_local_total",
     .collector = Collector::pids,
     .type = MetricType::counter,
     .source = keys("pids.events.local", {.label = "event", .known_values = 1}),
     .since = "6.11",
     .help = "Forks that the limit of this cgroup refused; where the hierarchy is mounted with "
             "pids_localevents, forks that failed in this cgroup."},
});

}  // namespace cgroup2::catalog
