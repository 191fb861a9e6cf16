// SPDX-License-Identifier: Apache-2.0
// The catalog: every file that is read and every metric that is made of it, one row each. The
// engine names no metric; HELP and TYPE, docs/METRICS.md, the files to open and the tests' coverage
// are derived from here. The checks are in rules.h.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "catalog/metric.h"

namespace cgroup2::catalog {

// clang-format off
inline constexpr auto files = std::to_array<File>({
  {"cgroup.events",         Shape::flat_keyed,      Collector::cgroup,   Pass::cheap},
  {"cgroup.stat",           Shape::flat_keyed,      Collector::cgroup,   Pass::cheap},
  {"cpu.max",               Shape::space_separated, Collector::cpu,      Pass::cheap},
  {"cpu.weight",            Shape::single_value,    Collector::cpu,      Pass::cheap},
  {"memory.max",            Shape::single_value,    Collector::memory,   Pass::cheap},
  {"memory.high",           Shape::single_value,    Collector::memory,   Pass::cheap},
  {"memory.low",            Shape::single_value,    Collector::memory,   Pass::cheap},
  {"memory.min",            Shape::single_value,    Collector::memory,   Pass::cheap},
  {"memory.peak",           Shape::single_value,    Collector::memory,   Pass::cheap},
  {"memory.oom.group",      Shape::single_value,    Collector::memory,   Pass::cheap},
  {"memory.events",         Shape::flat_keyed,      Collector::memory,   Pass::cheap},
  {"memory.events.local",   Shape::flat_keyed,      Collector::memory,   Pass::cheap},
  {"memory.swap.current",   Shape::single_value,    Collector::memory,   Pass::cheap},
  {"memory.swap.max",       Shape::single_value,    Collector::memory,   Pass::cheap},
  {"memory.swap.peak",      Shape::single_value,    Collector::memory,   Pass::cheap},
  {"memory.swap.events",    Shape::flat_keyed,      Collector::memory,   Pass::cheap},
  {"pids.current",          Shape::single_value,    Collector::pids,     Pass::cheap},
  {"pids.max",              Shape::single_value,    Collector::pids,     Pass::cheap},
  {"pids.peak",             Shape::single_value,    Collector::pids,     Pass::cheap},
  {"pids.events",           Shape::flat_keyed,      Collector::pids,     Pass::cheap},
  {"cpu.stat",              Shape::flat_keyed,      Collector::cpu,      Pass::cpu_stat},
  {"memory.current",        Shape::single_value,    Collector::memory,   Pass::memory},
  {"memory.stat",           Shape::flat_keyed,      Collector::memory,   Pass::memory},
  {"io.stat",               Shape::nested_keyed,    Collector::io,       Pass::io_stat,  true},
  {"cpu.pressure",          Shape::nested_keyed,    Collector::pressure, Pass::pressure},
  {"memory.pressure",       Shape::nested_keyed,    Collector::pressure, Pass::pressure},
  {"io.pressure",           Shape::nested_keyed,    Collector::pressure, Pass::pressure},
  {"irq.pressure",          Shape::nested_keyed,    Collector::pressure, Pass::pressure},
});

inline constexpr auto metrics = std::to_array<Metric>({
  {"cgroup_info",                                Type::info,    Unit::none,         identity(),                                              "Whose cgroup it is: container, runtime, pod and which source said so."},
  {"cgroup_namespace_info",                      Type::info,    Unit::none,         namespaces(),                                            "Inode numbers of the namespaces of the process with the cgroup's smallest pid."},

  {"cgroup_populated",                           Type::gauge,   Unit::none,         key("cgroup.events", "populated"),                       "Whether the cgroup or a descendant has a live process."},
  {"cgroup_frozen",                              Type::gauge,   Unit::none,         key("cgroup.events", "frozen"),                          "Whether the cgroup is frozen."},
  {"cgroup_descendants",                         Type::gauge,   Unit::none,         key("cgroup.stat", "nr_descendants"),                    "Living cgroups below this one."},
  {"cgroup_dying_descendants",                   Type::gauge,   Unit::none,         key("cgroup.stat", "nr_dying_descendants"),              "Removed cgroups below this one that still hold memory."},

  {"cgroup_cpu_usage_seconds_total",             Type::counter, Unit::microseconds, key("cpu.stat", "usage_usec"),                           "CPU time used."},
  {"cgroup_cpu_user_seconds_total",              Type::counter, Unit::microseconds, key("cpu.stat", "user_usec"),                            "CPU time used in user mode."},
  {"cgroup_cpu_system_seconds_total",            Type::counter, Unit::microseconds, key("cpu.stat", "system_usec"),                          "CPU time used in the kernel."},
  {"cgroup_cpu_nice_seconds_total",              Type::counter, Unit::microseconds, key("cpu.stat", "nice_usec"),                            "CPU time used by niced processes, counted in ticks."},
  {"cgroup_cpu_periods_total",                   Type::counter, Unit::none,         int_key("cpu.stat", "nr_periods"),                       "Enforcement periods of cpu.max that ran."},
  {"cgroup_cpu_throttled_periods_total",         Type::counter, Unit::none,         int_key("cpu.stat", "nr_throttled"),                     "Enforcement periods of cpu.max in which the cgroup was throttled."},
  {"cgroup_cpu_throttled_seconds_total",         Type::counter, Unit::microseconds, key("cpu.stat", "throttled_usec"),                       "Time for which the cgroup's own cpu.max throttled it."},
  {"cgroup_cpu_burst_periods_total",             Type::counter, Unit::none,         int_key("cpu.stat", "nr_bursts"),                        "Enforcement periods in which the cgroup burst above its quota."},
  {"cgroup_cpu_burst_seconds_total",             Type::counter, Unit::microseconds, key("cpu.stat", "burst_usec"),                           "CPU time used above the quota in bursts."},
  {"cgroup_cpu_limit_cores",                     Type::gauge,   Unit::cores,        ratio("cpu.max"),                                        "Quota divided by period of cpu.max; absent without a limit."},
  {"cgroup_cpu_weight",                          Type::gauge,   Unit::none,         value("cpu.weight"),                                     "Share of CPU time among siblings, 1 to 10000; 0 for an idle cgroup."},

  {"cgroup_memory_usage_bytes",                  Type::gauge,   Unit::bytes,        value("memory.current"),                                 "Memory charged to the cgroup and its descendants, page cache included."},
  {"cgroup_memory_limit_bytes",                  Type::gauge,   Unit::bytes,        limit("memory.max"),                                     "Hard limit of the cgroup itself; absent without one."},
  {"cgroup_memory_high_bytes",                   Type::gauge,   Unit::bytes,        limit("memory.high"),                                    "Usage above which the cgroup is throttled and reclaimed; absent without a limit."},
  {"cgroup_memory_low_bytes",                    Type::gauge,   Unit::bytes,        limit("memory.low"),                                     "Best-effort protection from reclaim; absent if all memory is protected."},
  {"cgroup_memory_min_bytes",                    Type::gauge,   Unit::bytes,        limit("memory.min"),                                     "Hard protection from reclaim; absent if all memory is protected."},
  {"cgroup_memory_peak_bytes",                   Type::gauge,   Unit::bytes,        value("memory.peak"),                                    "Highest usage since the cgroup was created."},
  {"cgroup_memory_oom_group",                    Type::gauge,   Unit::none,         value("memory.oom.group"),                               "Whether the OOM killer kills the whole cgroup at once."},
  {"cgroup_memory_effective_limit_bytes",        Type::gauge,   Unit::bytes,        derived("memory.current", Derivation::effective_limit),  "Smallest memory.max of the cgroup and its ancestors, the host's RAM at most."},
  {"cgroup_memory_headroom_bytes",               Type::gauge,   Unit::bytes,        derived("memory.current", Derivation::headroom),         "Smallest memory.max minus memory.current of the cgroup and its ancestors; absent without any limit."},
  {"cgroup_memory_unreclaimable_bytes",          Type::gauge,   Unit::bytes,        derived("memory.stat", Derivation::unreclaimable),       "memory.current minus file pages on the LRU lists and reclaimable slab, not below 0."},
  {"cgroup_memory_working_set_bytes",            Type::gauge,   Unit::bytes,        derived("memory.stat", Derivation::working_set),         "memory.current minus inactive file pages, not below 0, as cAdvisor defines it."},
  {"cgroup_memory_stat_bytes",                   Type::gauge,   Unit::bytes,        keys("memory.stat", "type", KeyClass::bytes),            "Keys of memory.stat that are amounts of memory."},
  {"cgroup_memory_stat_events_total",            Type::counter, Unit::none,         keys("memory.stat", "type", KeyClass::events),           "Keys of memory.stat that count events or pages."},
  {"cgroup_memory_stat_other",                   Type::untyped, Unit::none,         keys("memory.stat", "type", KeyClass::other),            "Keys of memory.stat that this version does not know."},
  {"cgroup_memory_events_total",                 Type::counter, Unit::none,         keys("memory.events", "event"),                          "Memory events of the cgroup and its descendants."},
  {"cgroup_memory_events_local_total",           Type::counter, Unit::none,         keys("memory.events.local", "event"),                    "Memory events of the cgroup itself."},
  {"cgroup_memory_oom_kills_total",              Type::counter, Unit::none,         key("memory.events", "oom_kill"),                        "Processes of the cgroup and its descendants that an OOM killer killed."},
  {"cgroup_memory_swap_usage_bytes",             Type::gauge,   Unit::bytes,        value("memory.swap.current"),                            "Swap used by the cgroup and its descendants."},
  {"cgroup_memory_swap_limit_bytes",             Type::gauge,   Unit::bytes,        limit("memory.swap.max"),                                "Swap limit of the cgroup itself; absent without one."},
  {"cgroup_memory_swap_peak_bytes",              Type::gauge,   Unit::bytes,        value("memory.swap.peak"),                               "Highest swap usage since the cgroup was created."},
  {"cgroup_memory_swap_events_total",            Type::counter, Unit::none,         keys("memory.swap.events", "event"),                     "Swap events of the cgroup and its descendants."},

  {"cgroup_io_read_bytes_total",                 Type::counter, Unit::bytes,        each("io.stat", "device", "rbytes"),                     "Bytes read, by device."},
  {"cgroup_io_written_bytes_total",              Type::counter, Unit::bytes,        each("io.stat", "device", "wbytes"),                     "Bytes written, by device."},
  {"cgroup_io_discarded_bytes_total",            Type::counter, Unit::bytes,        each("io.stat", "device", "dbytes"),                     "Bytes discarded, by device."},
  {"cgroup_io_reads_total",                      Type::counter, Unit::none,         each("io.stat", "device", "rios"),                       "Read operations, by device."},
  {"cgroup_io_writes_total",                     Type::counter, Unit::none,         each("io.stat", "device", "wios"),                       "Write operations, by device."},
  {"cgroup_io_discards_total",                   Type::counter, Unit::none,         each("io.stat", "device", "dios"),                       "Discard operations, by device."},

  {"cgroup_pids",                                Type::gauge,   Unit::none,         value("pids.current"),                                   "Tasks (threads, zombies included) in the cgroup and its descendants."},
  {"cgroup_pids_limit",                          Type::gauge,   Unit::none,         limit("pids.max"),                                       "Limit on tasks of the cgroup itself; absent without one."},
  {"cgroup_pids_peak",                           Type::gauge,   Unit::none,         value("pids.peak"),                                      "Most tasks there were since the cgroup was created."},
  {"cgroup_pids_events_total",                   Type::counter, Unit::none,         keys("pids.events", "event"),                            "Forks that a limit on tasks refused; up to 6.10 counted where fork failed, from 6.11 where the limit is."},

  {"cgroup_cpu_pressure_waiting_seconds_total",    Type::counter, Unit::microseconds, member("cpu.pressure", "some", "total"),               "Time in which some task waited for a CPU (PSI some)."},
  {"cgroup_cpu_pressure_stalled_seconds_total",    Type::counter, Unit::microseconds, member("cpu.pressure", "full", "total"),               "Time in which no task could run for want of a CPU (PSI full)."},
  {"cgroup_memory_pressure_waiting_seconds_total", Type::counter, Unit::microseconds, member("memory.pressure", "some", "total"),            "Time in which some task waited for memory (PSI some)."},
  {"cgroup_memory_pressure_stalled_seconds_total", Type::counter, Unit::microseconds, member("memory.pressure", "full", "total"),            "Time in which all tasks waited for memory (PSI full)."},
  {"cgroup_io_pressure_waiting_seconds_total",     Type::counter, Unit::microseconds, member("io.pressure", "some", "total"),                "Time in which some task waited for I/O (PSI some)."},
  {"cgroup_io_pressure_stalled_seconds_total",     Type::counter, Unit::microseconds, member("io.pressure", "full", "total"),                "Time in which all tasks waited for I/O (PSI full)."},
  {"cgroup_irq_pressure_stalled_seconds_total",    Type::counter, Unit::microseconds, member("irq.pressure", "full", "total"),               "Time taken from tasks by interrupts (PSI full)."},
});

inline constexpr auto inputs = std::to_array<InputRow>({
  {Input::memory_max,       limit("memory.max"), true},
  {Input::memory_current,   value("memory.current"), true},
  {Input::active_file,      key("memory.stat", "active_file")},
  {Input::inactive_file,    key("memory.stat", "inactive_file")},
  {Input::slab_reclaimable, key("memory.stat", "slab_reclaimable")},
});
// clang-format on

inline constexpr std::size_t file_count = files.size();
inline constexpr std::size_t metric_count = metrics.size();

/// Index of a file in `files`; file_count if there is none of that name.
[[nodiscard]] constexpr std::size_t file_index(std::string_view name) {
  std::size_t i = 0;
  while (i < file_count && files[i].name != name) ++i;
  return i;
}

/// The collector a metric belongs to. cgroup_info belongs to none: it is always there.
[[nodiscard]] constexpr std::optional<Collector> collector_of(const Metric& metric) {
  if (metric.source.select == Select::identity) return std::nullopt;
  if (metric.source.select == Select::namespaces) return Collector::namespaces;
  return files[file_index(metric.source.file)].collector;
}

}  // namespace cgroup2::catalog
