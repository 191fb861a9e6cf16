// SPDX-License-Identifier: Apache-2.0
// Declares the metrics that say whose a cgroup is.
#pragma once

#include <array>

#include "catalog/metric.h"

namespace cgroup2::catalog {

inline constexpr auto identity_metrics = std::to_array<Metric>({
    {.name = "cgroup_info",
     .collector = std::nullopt,
     .lean = Lean::everywhere,
     .type = MetricType::info,
     .source = identity(),
     .help = "Whose cgroup it is: container, runtime, pod and which source said so."},
    {.name = "cgroup_namespace_info",
     .collector = Collector::namespaces,
     .type = MetricType::info,
     .source = namespaces(),
     .help = "Inode numbers of the namespaces of the process with the cgroup's smallest pid."},
});

}  // namespace cgroup2::catalog
