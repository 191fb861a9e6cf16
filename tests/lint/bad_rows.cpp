// SPDX-License-Identifier: Apache-2.0
// Holds rows that must not compile. A test looks for the metric and the rule in the errors.
#include <array>
#include <utility>

#include "catalog/cadvisor_family.h"
#include "catalog/checked_metric.h"
#include "catalog/files.h"

namespace cgroup2::catalog {
namespace {

constexpr auto bad_rows = std::to_array<Metric>({
    {.name = "cgroup_cpu_usage_total",
     .collector = Collector::cpu,
     .type = MetricType::counter,
     .unit = Unit::microseconds,
     .source = key("cpu.stat", "usage_usec"),
     .help = "CPU time used."},
    {.name = "cgroup_memory_kernel_bytes",
     .collector = Collector::memory,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = value("memory.kernel"),
     .help = "Memory that the kernel uses."},
});

static_assert(are_checked<bad_rows, files>(std::make_index_sequence<bad_rows.size()>()));

constexpr auto bad_source = native("cgroup_memory_rss_bytes");

}  // namespace
}  // namespace cgroup2::catalog
