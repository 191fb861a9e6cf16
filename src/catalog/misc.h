// SPDX-License-Identifier: Apache-2.0
// Declares the metrics of misc.*.
#pragma once

#include <array>

#include "catalog/metric.h"

namespace cgroup2::catalog {

inline constexpr auto misc_metrics = std::to_array<Metric>({
    {.name = "cgroup_misc_usage",
     .collector = Collector::misc,
     .type = MetricType::gauge,
     .source = amount(keys("misc.current", {.label = "resource"})),
     .since = "5.13",
     .help = "Scalar resources in use."},
    {.name = "cgroup_misc_limit",
     .collector = Collector::misc,
     .type = MetricType::gauge,
     .source = limit(keys("misc.max", {.label = "resource"})),
     .since = "5.13",
     .help = "Limit on scalar resources; absent without one."},
    {.name = "cgroup_misc_peak",
     .collector = Collector::misc,
     .type = MetricType::gauge,
     .source = keys("misc.peak", {.label = "resource"}),
     .since = "6.11",
     .help = "Most scalar resources in use since the cgroup was created."},
    {.name = "cgroup_misc_capacity",
     .collector = Collector::misc,
     .type = MetricType::gauge,
     .source = amount(keys("misc.capacity", {.label = "resource"})),
     .since = "5.13",
     .help = "Scalar resources that the host has."},
    {.name = "cgroup_misc_events_total",
     .collector = Collector::misc,
     .type = MetricType::counter,
     .source = keys("misc.events", {.label = "event"}),
     .since = "5.16",
     .help = "Scalar resources refused in the cgroup or a descendant."},
    {.name = "cgroup_misc_events_local_total",
     .collector = Collector::misc,
     .type = MetricType::counter,
     .source = keys("misc.events.local", {.label = "event"}),
     .since = "6.11",
     .help = "Scalar resources refused by the limit of this cgroup."},
});

}  // namespace cgroup2::catalog
