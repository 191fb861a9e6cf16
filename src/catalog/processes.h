// SPDX-License-Identifier: Apache-2.0
// Declares the metrics of the processes of a cgroup.
#pragma once

#include <array>

#include "catalog/metric.h"

namespace cgroup2::catalog {

inline constexpr auto processes_metrics = std::to_array<Metric>({
    {.name = "cgroup_processes",
     .collector = Collector::processes,
     .type = MetricType::gauge,
     .source = process(ProcessValue::processes),
     .help = "Processes in the cgroup and its descendants."},
    {.name = "cgroup_open_files",
     .collector = Collector::processes,
     .type = MetricType::gauge,
     .source = process(ProcessValue::open_files),
     .help = "Open file descriptors of the processes in the cgroup and its descendants."},
    {.name = "cgroup_sockets",
     .collector = Collector::processes,
     .type = MetricType::gauge,
     .source = process(ProcessValue::sockets),
     .help =
         "Open file descriptors of these processes that are sockets; absent where there are too "
         "many descriptors to look at."},
    {.name = "cgroup_open_files_soft_limit",
     .collector = Collector::processes,
     .type = MetricType::gauge,
     .source = process(ProcessValue::open_files_limit),
     .help = "Soft limit on open files of the first process in the cgroup itself; absent without "
             "one."},
    {.name = "cgroup_processes_soft_limit",
     .collector = Collector::processes,
     .type = MetricType::gauge,
     .source = process(ProcessValue::processes_limit),
     .help = "Soft limit on the processes of its user of the first process in the cgroup itself; "
             "absent without one."},
});

}  // namespace cgroup2::catalog
