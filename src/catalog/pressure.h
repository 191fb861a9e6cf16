// SPDX-License-Identifier: Apache-2.0
// Declares the metrics of *.pressure (PSI).
#pragma once

#include <array>

#include "catalog/metric.h"

namespace cgroup2::catalog {

inline constexpr auto pressure_metrics = std::to_array<Metric>({
    {.name = "cgroup_cpu_pressure_waiting_seconds_total",
     .collector = Collector::pressure,
     .lean = Lean::everywhere,
     .type = MetricType::counter,
     .unit = Unit::microseconds,
     .source = member("cpu.pressure", "some", "total"),
     .help = "Time in which some task waited for a CPU (PSI some)."},
    {.name = "cgroup_cpu_pressure_stalled_seconds_total",
     .collector = Collector::pressure,
     .lean = Lean::workloads,
     .type = MetricType::counter,
     .unit = Unit::microseconds,
     .source = member("cpu.pressure", "full", "total"),
     .since = "5.13",
     .help = "Time in which no task could run for want of a CPU (PSI full); of the root always 0."},
    {.name = "cgroup_memory_pressure_waiting_seconds_total",
     .collector = Collector::pressure,
     .lean = Lean::everywhere,
     .type = MetricType::counter,
     .unit = Unit::microseconds,
     .source = member("memory.pressure", "some", "total"),
     .help = "Time in which some task waited for memory (PSI some)."},
    {.name = "cgroup_memory_pressure_stalled_seconds_total",
     .collector = Collector::pressure,
     .lean = Lean::everywhere,
     .type = MetricType::counter,
     .unit = Unit::microseconds,
     .source = member("memory.pressure", "full", "total"),
     .help = "Time in which all tasks waited for memory (PSI full)."},
    {.name = "cgroup_io_pressure_waiting_seconds_total",
     .collector = Collector::pressure,
     .lean = Lean::everywhere,
     .type = MetricType::counter,
     .unit = Unit::microseconds,
     .source = member("io.pressure", "some", "total"),
     .help = "Time in which some task waited for I/O (PSI some)."},
    {.name = "cgroup_io_pressure_stalled_seconds_total",
     .collector = Collector::pressure,
     .lean = Lean::everywhere,
     .type = MetricType::counter,
     .unit = Unit::microseconds,
     .source = member("io.pressure", "full", "total"),
     .help = "Time in which all tasks waited for I/O (PSI full)."},
    {.name = "cgroup_irq_pressure_stalled_seconds_total",
     .collector = Collector::pressure,
     .type = MetricType::counter,
     .unit = Unit::microseconds,
     .source = member("irq.pressure", "full", "total"),
     .since = "6.1",
     .help = "Time taken from tasks by interrupts (PSI full)."},
});

}  // namespace cgroup2::catalog
