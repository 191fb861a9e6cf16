// SPDX-License-Identifier: Apache-2.0
// Declares the metrics of cpuset.*.
#pragma once

#include <array>

#include "catalog/metric.h"

namespace cgroup2::catalog {

inline constexpr auto cpuset_metrics = std::to_array<Metric>({
    {.name = "cgroup_cpuset_effective_cpus",
     .collector = Collector::cpuset,
     .type = MetricType::gauge,
     .source = count("cpuset.cpus.effective"),
     .help = "Number of CPUs that the cgroup may use."},
    {.name = "cgroup_cpuset_effective_cpu_list_info",
     .collector = Collector::cpuset,
     .type = MetricType::info,
     .source = list("cpuset.cpus.effective", "cpus"),
     .help = "List of the CPUs that the cgroup may use."},
    {.name = "cgroup_cpuset_effective_mems",
     .collector = Collector::cpuset,
     .type = MetricType::gauge,
     .source = count("cpuset.mems.effective"),
     .help = "Number of memory nodes that the cgroup may use."},
    {.name = "cgroup_cpuset_effective_mem_list_info",
     .collector = Collector::cpuset,
     .type = MetricType::info,
     .source = list("cpuset.mems.effective", "mems"),
     .help = "List of the memory nodes that the cgroup may use."},
    {.name = "cgroup_cpuset_cpus",
     .collector = Collector::cpuset,
     .type = MetricType::gauge,
     .source = limit(count("cpuset.cpus")),
     .help = "Number of CPUs that were asked for; absent if none were."},
    {.name = "cgroup_cpuset_mems",
     .collector = Collector::cpuset,
     .type = MetricType::gauge,
     .source = limit(count("cpuset.mems")),
     .help = "Number of memory nodes that were asked for; absent if none were."},
    {.name = "cgroup_cpuset_exclusive_cpus",
     .collector = Collector::cpuset,
     .type = MetricType::gauge,
     .source = limit(count("cpuset.cpus.exclusive")),
     .since = "6.7",
     .help = "Number of CPUs that were asked for exclusively; absent if none were."},
    {.name = "cgroup_cpuset_effective_exclusive_cpus",
     .collector = Collector::cpuset,
     .type = MetricType::gauge,
     .source = count("cpuset.cpus.exclusive.effective"),
     .since = "6.7",
     .help = "Number of CPUs that the cgroup may give to a partition."},
    {.name = "cgroup_cpuset_isolated_cpus",
     .collector = Collector::cpuset,
     .type = MetricType::gauge,
     .source = count("cpuset.cpus.isolated"),
     .since = "6.7",
     .help = "Number of CPUs in isolated partitions."},
    {.name = "cgroup_cpuset_partition_info",
     .collector = Collector::cpuset,
     .type = MetricType::info,
     .source = text("cpuset.cpus.partition", "state"),
     .help = "Whether the cgroup is the root of a partition of CPUs, and if it is an invalid one, "
             "why."},
});

}  // namespace cgroup2::catalog
