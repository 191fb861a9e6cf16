// SPDX-License-Identifier: Apache-2.0
// Declares the metrics of hugetlb.*.
#pragma once

#include <array>

#include "catalog/metric.h"

namespace cgroup2::catalog {

inline constexpr auto hugetlb_metrics = std::to_array<Metric>({
    {.name = "cgroup_hugetlb_usage_bytes",
     .collector = Collector::hugetlb,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = value("hugetlb.*.current"),
     .help = "Huge pages in use, by their size."},
    {.name = "cgroup_hugetlb_limit_bytes",
     .collector = Collector::hugetlb,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = limit(value("hugetlb.*.max")),
     .help = "Limit on huge pages in use; absent without one."},
    {.name = "cgroup_hugetlb_rsvd_usage_bytes",
     .collector = Collector::hugetlb,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = value("hugetlb.*.rsvd.current"),
     .help = "Huge pages in use or reserved, by their size."},
    {.name = "cgroup_hugetlb_rsvd_limit_bytes",
     .collector = Collector::hugetlb,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = limit(value("hugetlb.*.rsvd.max")),
     .help = "Limit on huge pages in use or reserved; absent without one."},
    {.name = "cgroup_hugetlb_events_total",
     .collector = Collector::hugetlb,
     .type = MetricType::counter,
     .source = keys("hugetlb.*.events", {.label = "event", .known_values = 1}),
     .help = "Allocations of huge pages by tasks of the cgroup or a descendant that a limit "
             "refused, their own or an ancestor's."},
    {.name = "cgroup_hugetlb_events_local_total",
     .collector = Collector::hugetlb,
     .type = MetricType::counter,
     .source = keys("hugetlb.*.events.local", {.label = "event", .known_values = 1}),
     .help = "Allocations of huge pages by tasks of this cgroup that a limit refused, its own or "
             "an ancestor's."},
    {.name = "cgroup_hugetlb_numa_stat_bytes",
     .collector = Collector::hugetlb,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = members("hugetlb.*.numa_stat", {.member_label = "node", .prefix = "N"}),
     .since = "5.17",
     .help = "Huge pages in use, by their size and node."},
});

}  // namespace cgroup2::catalog
