// SPDX-License-Identifier: Apache-2.0
// Declares the metrics of rdma.*.
#pragma once

#include <array>

#include "catalog/metric.h"

namespace cgroup2::catalog {

inline constexpr auto rdma_metrics = std::to_array<Metric>({
    {.name = "cgroup_rdma_usage",
     .collector = Collector::rdma,
     .type = MetricType::gauge,
     .source = amount(members("rdma.current",
                              {.label = "device", .member_label = "resource", .prefix = "hca_"})),
     .help = "RDMA resources in use, by device."},
    {.name = "cgroup_rdma_limit",
     .collector = Collector::rdma,
     .type = MetricType::gauge,
     .source = limit(
         members("rdma.max", {.label = "device", .member_label = "resource", .prefix = "hca_"})),
     .help = "Limit on RDMA resources, by device; absent without one."},
    {.name = "cgroup_rdma_peak",
     .collector = Collector::rdma,
     .type = MetricType::gauge,
     .source =
         members("rdma.peak", {.label = "device", .member_label = "resource", .prefix = "hca_"}),
     .since = "7.3",
     .help = "Most RDMA resources in use since the cgroup was created, by device."},
    {.name = "cgroup_rdma_events_total",
     .collector = Collector::rdma,
     .type = MetricType::counter,
     .source =
         members("rdma.events", {.label = "device", .member_label = "event", .prefix = "hca_"}),
     .since = "7.3",
     .help = "RDMA resources refused in the cgroup or a descendant, by device."},
    {.name = "cgroup_rdma_events_local_total",
     .collector = Collector::rdma,
     .type = MetricType::counter,
     .source = members("rdma.events.local",
                       {.label = "device", .member_label = "event", .prefix = "hca_"}),
     .since = "7.3",
     .help = "RDMA resources refused by the limit of this cgroup, by device."},
});

}  // namespace cgroup2::catalog
