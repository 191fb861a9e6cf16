// SPDX-License-Identifier: Apache-2.0
// The catalog: every metric that is made of the interface files, one row each. The engine names no
// metric; HELP and TYPE, the files to open, docs/METRICS.md and the tests' coverage are derived
// from here and from files.h. The checks are in rules.h.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "catalog/files.h"
#include "catalog/memory_stat.h"
#include "catalog/metric.h"

namespace cgroup2::catalog {

// clang-format off
inline constexpr auto metrics = std::to_array<Metric>({
  {"cgroup_info",                                  std::nullopt,                 Type::info,    Unit::none,         identity(),                                                                   "",     "Whose cgroup it is: container, runtime, pod and which source said so."},
  {"cgroup_namespace_info",                        Collector::namespaces,        Type::info,    Unit::none,         namespaces(),                                                                 "",     "Inode numbers of the namespaces of the process with the cgroup's smallest pid."},

  {"cgroup_oom_kills_total",                       Collector::oom,               Type::counter, Unit::none,         ledger(LedgerValue::kills, "namespace, pod, container, unit, cgroup"),                "",     "Processes that an OOM killer killed, by owner; kept while the owner lives and for a while after."},
  {"cgroup_oom_group_kills_total",                 Collector::oom,               Type::counter, Unit::none,         ledger(LedgerValue::group_kills, "namespace, pod, container, unit, cgroup"),          "",     "Times that the OOM killer killed a whole cgroup at once (memory.oom.group), by owner; those with any."},
  {"cgroup_oom_kills_by_limit_total",              Collector::oom,               Type::counter, Unit::none,         ledger(LedgerValue::kills_by_limit, "namespace, pod, container, unit, cgroup, limit", 3), "",     "The same kills by whose limit it was: its own, an ancestor's, none, or unknown where the cgroup was gone too soon; those with any."},
  {"cgroup_oom_kills_unattributed_total",          Collector::oom,               Type::counter, Unit::none,         ledger(LedgerValue::unattributed, "cgroup"),                                          "",     "Kills somewhere below the cgroup in cgroups that were gone before anybody could look; of the root: anywhere."},
  {"cgroup_oom_kills_forgotten_total",             Collector::oom,               Type::counter, Unit::none,         ledger(LedgerValue::forgotten, ""),                                                   "",     "Kills of owners that are not remembered any more, since boot."},
  {"cgroup_oom_last_kill_timestamp_seconds",       Collector::oom,               Type::gauge,   Unit::milliseconds, ledger(LedgerValue::last_kill, "namespace, pod, container, unit, cgroup"),            "",     "Unix time at which the last kill was seen."},
  {"cgroup_oom_last_victim_info",                  Collector::oom,               Type::info,    Unit::none,         ledger(LedgerValue::last_victim, "namespace, pod, container, unit, cgroup, comm, pid, constraint, oom_cgroup"), "",     "Who was killed last, from the kernel's log where that can be read."},
  {"cgroup_oom_last_kill_memory_bytes",            Collector::oom,               Type::gauge,   Unit::bytes,        ledger(LedgerValue::last_memory, "namespace, pod, container, unit, cgroup, type", 4),    "",     "Memory of the cgroup shortly before its last kill: peak, limit, anon, file."},
  {"cgroup_oom_constraint_total",                  Collector::oom,               Type::counter, Unit::none,         ledger(LedgerValue::constraints, "constraint"),                                       "",     "Kills in the kernel's log by what ran out: memcg (a limit), none (the host), cpuset, memory_policy."},

  {"cgroup_populated",                             Collector::cgroup,            Type::gauge,   Unit::none,         key("cgroup.events", "populated"),                                            "",     "Whether the cgroup or a descendant has a live process."},
  {"cgroup_frozen",                                Collector::cgroup,            Type::gauge,   Unit::none,         key("cgroup.events", "frozen"),                                               "",     "Whether the cgroup is frozen, by its own request or by an ancestor's."},
  {"cgroup_descendants",                           Collector::cgroup,            Type::gauge,   Unit::none,         key("cgroup.stat", "nr_descendants"),                                         "",     "Living cgroups below this one."},
  {"cgroup_dying_descendants",                     Collector::cgroup,            Type::gauge,   Unit::none,         key("cgroup.stat", "nr_dying_descendants"),                                   "",     "Removed cgroups below this one that still hold memory."},
  {"cgroup_subsystem_cgroups",                     Collector::cgroup_subsystems, Type::gauge,   Unit::none,         keys("cgroup.stat", "subsystem", 10, "nr_subsys_"),                           "6.12", "Living cgroups from this one down that the subsystem accounts for."},
  {"cgroup_subsystem_dying_cgroups",               Collector::cgroup_subsystems, Type::gauge,   Unit::none,         keys("cgroup.stat", "subsystem", 10, "nr_dying_subsys_"),                     "6.12", "Removed cgroups from this one down whose state the subsystem still holds."},
  {"cgroup_frozen_seconds_total",                  Collector::cgroup_control,    Type::counter, Unit::microseconds, key("cgroup.stat.local", "frozen_usec"),                                      "6.18", "Time between freezing, by the cgroup's own request or an ancestor's, and thawing."},
  {"cgroup_type_info",                             Collector::cgroup_control,    Type::info,    Unit::none,         text("cgroup.type", "type"),                                                  "",     "Whether the cgroup is a domain, or threaded."},
  {"cgroup_freeze",                                Collector::cgroup_control,    Type::gauge,   Unit::none,         value("cgroup.freeze"),                                                       "",     "Whether it is requested of this cgroup to be frozen."},
  {"cgroup_controller_info",                       Collector::cgroup_control,    Type::info,    Unit::none,         words("cgroup.controllers", "controller", 9),                                 "",     "Controllers that the cgroup has."},
  {"cgroup_subtree_controller_info",               Collector::cgroup_control,    Type::info,    Unit::none,         words("cgroup.subtree_control", "controller", 9),                             "",     "Controllers that the cgroup gives to its children."},
  {"cgroup_depth_limit",                           Collector::cgroup_control,    Type::gauge,   Unit::none,         limit(value("cgroup.max.depth")),                                             "",     "Limit on the levels below the cgroup; absent without one."},
  {"cgroup_descendants_limit",                     Collector::cgroup_control,    Type::gauge,   Unit::none,         limit(value("cgroup.max.descendants")),                                       "",     "Limit on the living cgroups below this one; absent without one."},
  {"cgroup_pressure_enabled",                      Collector::cgroup_control,    Type::gauge,   Unit::none,         value("cgroup.pressure"),                                                     "6.1",  "Whether pressure (PSI) is accounted for this cgroup; its pressure files are there only then."},

  {"cgroup_cpu_usage_seconds_total",               Collector::cpu,               Type::counter, Unit::microseconds, key("cpu.stat", "usage_usec"),                                                "",     "CPU time used."},
  {"cgroup_cpu_user_seconds_total",                Collector::cpu,               Type::counter, Unit::microseconds, key("cpu.stat", "user_usec"),                                                 "",     "CPU time used in user mode."},
  {"cgroup_cpu_system_seconds_total",              Collector::cpu,               Type::counter, Unit::microseconds, key("cpu.stat", "system_usec"),                                               "",     "CPU time used in the kernel."},
  {"cgroup_cpu_nice_seconds_total",                Collector::cpu,               Type::counter, Unit::microseconds, key("cpu.stat", "nice_usec"),                                                 "6.13", "CPU time used by niced processes, counted in ticks."},
  {"cgroup_cpu_force_idle_seconds_total",          Collector::cpu,               Type::counter, Unit::microseconds, key("cpu.stat", "core_sched.force_idle_usec"),                                "6.0",  "Time for which core scheduling kept a sibling CPU idle for the cgroup's sake."},
  {"cgroup_cpu_periods_total",                     Collector::cpu,               Type::counter, Unit::none,         int32(key("cpu.stat", "nr_periods")),                                         "",     "Enforcement periods of cpu.max that ran."},
  {"cgroup_cpu_throttled_periods_total",           Collector::cpu,               Type::counter, Unit::none,         int32(key("cpu.stat", "nr_throttled")),                                       "",     "Enforcement periods of cpu.max in which the cgroup was throttled."},
  {"cgroup_cpu_throttled_seconds_total",           Collector::cpu,               Type::counter, Unit::microseconds, key("cpu.stat", "throttled_usec"),                                            "",     "Time for which the cgroup's own cpu.max throttled it."},
  {"cgroup_cpu_throttled_local_seconds_total",     Collector::cpu,               Type::counter, Unit::microseconds, key("cpu.stat.local", "throttled_usec"),                                      "6.6",  "Time for which the cgroup's run queues stood still, throttled by its own cpu.max or an ancestor's."},
  {"cgroup_cpu_burst_periods_total",               Collector::cpu,               Type::counter, Unit::none,         int32(key("cpu.stat", "nr_bursts")),                                          "5.16", "Enforcement periods in which the cgroup burst above its quota."},
  {"cgroup_cpu_burst_seconds_total",               Collector::cpu,               Type::counter, Unit::microseconds, key("cpu.stat", "burst_usec"),                                                "5.16", "CPU time used above the quota in bursts."},
  {"cgroup_cpu_limit_cores",                       Collector::cpu,               Type::gauge,   Unit::cores,        ratio("cpu.max"),                                                             "",     "Quota divided by period of cpu.max; absent without a limit."},
  {"cgroup_cpu_weight",                            Collector::cpu,               Type::gauge,   Unit::none,         value("cpu.weight"),                                                          "",     "Share of CPU time among siblings, 1 to 10000; 0 for an idle cgroup."},
  {"cgroup_cpu_period_seconds",                    Collector::cpu_control,       Type::gauge,   Unit::microseconds, second("cpu.max"),                                                            "",     "Length of an enforcement period of cpu.max."},
  {"cgroup_cpu_burst_limit_seconds",               Collector::cpu_control,       Type::gauge,   Unit::microseconds, value("cpu.max.burst"),                                                       "5.14", "CPU time that may be saved up for a burst above the quota."},
  {"cgroup_cpu_idle",                              Collector::cpu_control,       Type::gauge,   Unit::none,         value("cpu.idle"),                                                            "5.15", "Whether the cgroup runs only when no other wants the CPU."},
  {"cgroup_cpu_uclamp_min_ratio",                  Collector::cpu_control,       Type::gauge,   Unit::ratio,        percent(value("cpu.uclamp.min")),                                             "",     "Utilization, of the largest CPU at full speed, that the scheduler assumes at least."},
  {"cgroup_cpu_uclamp_max_ratio",                  Collector::cpu_control,       Type::gauge,   Unit::ratio,        percent(value("cpu.uclamp.max")),                                             "",     "Utilization that the scheduler assumes at most; absent without a limit."},
  {"cgroup_cpu_rt_runtime_seconds",                Collector::cpu_control,       Type::gauge,   Unit::microseconds, limit(value("cpu.rt_runtime_us")),                                            "6.18", "CPU time that real-time tasks may use in a period, where the kernel schedules them by cgroup; absent without a limit."},
  {"cgroup_cpu_rt_period_seconds",                 Collector::cpu_control,       Type::gauge,   Unit::microseconds, value("cpu.rt_period_us"),                                                    "6.18", "Period of the real-time budget."},

  {"cgroup_cpuset_effective_cpus",                 Collector::cpuset,            Type::gauge,   Unit::none,         count("cpuset.cpus.effective"),                                               "",     "Number of CPUs that the cgroup may use."},
  {"cgroup_cpuset_effective_cpu_list_info",        Collector::cpuset,            Type::info,    Unit::none,         list("cpuset.cpus.effective", "cpus"),                                        "",     "List of the CPUs that the cgroup may use."},
  {"cgroup_cpuset_effective_mems",                 Collector::cpuset,            Type::gauge,   Unit::none,         count("cpuset.mems.effective"),                                               "",     "Number of memory nodes that the cgroup may use."},
  {"cgroup_cpuset_effective_mem_list_info",        Collector::cpuset,            Type::info,    Unit::none,         list("cpuset.mems.effective", "mems"),                                        "",     "List of the memory nodes that the cgroup may use."},
  {"cgroup_cpuset_cpus",                           Collector::cpuset,            Type::gauge,   Unit::none,         limit(count("cpuset.cpus")),                                                  "",     "Number of CPUs that were asked for; absent if none were."},
  {"cgroup_cpuset_mems",                           Collector::cpuset,            Type::gauge,   Unit::none,         limit(count("cpuset.mems")),                                                  "",     "Number of memory nodes that were asked for; absent if none were."},
  {"cgroup_cpuset_exclusive_cpus",                 Collector::cpuset,            Type::gauge,   Unit::none,         limit(count("cpuset.cpus.exclusive")),                                        "6.7",  "Number of CPUs that were asked for exclusively; absent if none were."},
  {"cgroup_cpuset_effective_exclusive_cpus",       Collector::cpuset,            Type::gauge,   Unit::none,         count("cpuset.cpus.exclusive.effective"),                                     "6.7",  "Number of CPUs that the cgroup may give to a partition."},
  {"cgroup_cpuset_isolated_cpus",                  Collector::cpuset,            Type::gauge,   Unit::none,         count("cpuset.cpus.isolated"),                                                "6.7",  "Number of CPUs in isolated partitions."},
  {"cgroup_cpuset_partition_info",                 Collector::cpuset,            Type::info,    Unit::none,         text("cpuset.cpus.partition", "state"),                                       "",     "Whether the cgroup is the root of a partition of CPUs, and if it is an invalid one, why."},

  {"cgroup_memory_usage_bytes",                    Collector::memory,            Type::gauge,   Unit::bytes,        value("memory.current"),                                                      "",     "Memory charged to the cgroup and its descendants, page cache included."},
  {"cgroup_memory_limit_bytes",                    Collector::memory,            Type::gauge,   Unit::bytes,        limit(value("memory.max")),                                                   "",     "Hard limit of the cgroup itself; absent without one."},
  {"cgroup_memory_high_bytes",                     Collector::memory,            Type::gauge,   Unit::bytes,        limit(value("memory.high")),                                                  "",     "Usage above which the cgroup is throttled and reclaimed; absent without a limit."},
  {"cgroup_memory_low_bytes",                      Collector::memory,            Type::gauge,   Unit::bytes,        limit(value("memory.low")),                                                   "",     "Best-effort protection from reclaim; absent if all memory is protected."},
  {"cgroup_memory_min_bytes",                      Collector::memory,            Type::gauge,   Unit::bytes,        limit(value("memory.min")),                                                   "",     "Hard protection from reclaim; absent if all memory is protected."},
  {"cgroup_memory_peak_bytes",                     Collector::memory,            Type::gauge,   Unit::bytes,        value("memory.peak"),                                                         "5.19", "Highest usage since the cgroup was created."},
  {"cgroup_memory_oom_group",                      Collector::memory,            Type::gauge,   Unit::none,         value("memory.oom.group"),                                                    "",     "Whether the OOM killer kills the whole cgroup at once."},
  {"cgroup_memory_effective_limit_bytes",          Collector::memory,            Type::gauge,   Unit::bytes,        derived("memory.current", Derivation::effective_limit),                       "",     "Smallest memory.max of the cgroup and its ancestors, the host's RAM at most."},
  {"cgroup_memory_headroom_bytes",                 Collector::memory,            Type::gauge,   Unit::bytes,        derived("memory.current", Derivation::headroom),                              "",     "Smallest memory.max minus memory.current of the cgroup and its ancestors; absent without any limit."},
  {"cgroup_memory_events_total",                   Collector::memory,            Type::counter, Unit::none,         keys("memory.events", "event", 7),                                            "",     "Memory events of the cgroup and its descendants; without the descendants where the hierarchy is mounted with memory_localevents."},
  {"cgroup_memory_events_local_total",             Collector::memory,            Type::counter, Unit::none,         keys("memory.events.local", "event", 7),                                      "",     "Memory events of the cgroup itself."},
  {"cgroup_memory_oom_kills_total",                Collector::memory,            Type::counter, Unit::none,         key("memory.events", "oom_kill"),                                             "",     "Processes of the cgroup and its descendants that an OOM killer killed."},

  {"cgroup_memory_unreclaimable_bytes",            Collector::memory_stat,       Type::gauge,   Unit::bytes,        derived("memory.stat", Derivation::unreclaimable),                            "",     "memory.current minus file pages on the LRU lists and reclaimable slab, not below 0."},
  {"cgroup_memory_working_set_bytes",              Collector::memory_stat,       Type::gauge,   Unit::bytes,        derived("memory.stat", Derivation::working_set),                              "",     "memory.current minus inactive file pages, not below 0, as cAdvisor defines it."},
  {"cgroup_memory_stat_bytes",                     Collector::memory_stat,       Type::gauge,   Unit::bytes,        of(KeyClass::bytes, memory_stat_bytes.size(), keys("memory.stat", "type")),   "",     "Keys of memory.stat that are amounts of memory."},
  {"cgroup_memory_stat_events_total",              Collector::memory_stat,       Type::counter, Unit::none,         of(KeyClass::events, memory_stat_events.size(), keys("memory.stat", "type")), "",     "Keys of memory.stat that count events or pages."},
  {"cgroup_memory_stat_other",                     Collector::memory_stat,       Type::untyped, Unit::none,         of(KeyClass::other, 0, keys("memory.stat", "type")),                          "",     "Keys of memory.stat that this version does not know."},
  {"cgroup_memory_numa_stat_bytes",                Collector::memory_numa,       Type::gauge,   Unit::bytes,        of(KeyClass::bytes, 22, members("memory.numa_stat", "type", "node", "N")),    "",     "Keys of memory.numa_stat that are amounts of memory, by node."},
  {"cgroup_memory_numa_stat_events_total",         Collector::memory_numa,       Type::counter, Unit::none,         of(KeyClass::events, 21, members("memory.numa_stat", "type", "node", "N")),   "",     "Keys of memory.numa_stat that count events or pages, by node."},
  {"cgroup_memory_numa_stat_other",                Collector::memory_numa,       Type::untyped, Unit::none,         of(KeyClass::other, 0, members("memory.numa_stat", "type", "node", "N")),     "",     "Keys of memory.numa_stat that this version does not know, by node."},

  {"cgroup_memory_swap_usage_bytes",               Collector::memory_swap,       Type::gauge,   Unit::bytes,        value("memory.swap.current"),                                                 "",     "Swap used by the cgroup and its descendants."},
  {"cgroup_memory_swap_limit_bytes",               Collector::memory_swap,       Type::gauge,   Unit::bytes,        limit(value("memory.swap.max")),                                              "",     "Swap limit of the cgroup itself; absent without one."},
  {"cgroup_memory_swap_high_bytes",                Collector::memory_swap,       Type::gauge,   Unit::bytes,        limit(value("memory.swap.high")),                                             "",     "Swap usage above which the cgroup is throttled; absent without a limit."},
  {"cgroup_memory_swap_peak_bytes",                Collector::memory_swap,       Type::gauge,   Unit::bytes,        value("memory.swap.peak"),                                                    "6.5",  "Highest swap usage since the cgroup was created."},
  {"cgroup_memory_swap_events_total",              Collector::memory_swap,       Type::counter, Unit::none,         keys("memory.swap.events", "event", 3),                                       "",     "Swap events of the cgroup and its descendants."},
  {"cgroup_memory_zswap_usage_bytes",              Collector::memory_zswap,      Type::gauge,   Unit::bytes,        value("memory.zswap.current"),                                                "5.19", "Memory that holds compressed swap of the cgroup and its descendants."},
  {"cgroup_memory_zswap_limit_bytes",              Collector::memory_zswap,      Type::gauge,   Unit::bytes,        limit(value("memory.zswap.max")),                                             "5.19", "Limit on compressed swap in memory; absent without one."},
  {"cgroup_memory_zswap_writeback",                Collector::memory_zswap,      Type::gauge,   Unit::none,         value("memory.zswap.writeback"),                                              "6.8",  "Whether compressed swap may be written to the swap device."},

  {"cgroup_io_read_bytes_total",                   Collector::io,                Type::counter, Unit::bytes,        each("io.stat", "device", "rbytes"),                                          "",     "Bytes read, by device."},
  {"cgroup_io_written_bytes_total",                Collector::io,                Type::counter, Unit::bytes,        each("io.stat", "device", "wbytes"),                                          "",     "Bytes written, by device."},
  {"cgroup_io_discarded_bytes_total",              Collector::io,                Type::counter, Unit::bytes,        each("io.stat", "device", "dbytes"),                                          "",     "Bytes discarded, by device."},
  {"cgroup_io_reads_total",                        Collector::io,                Type::counter, Unit::none,         each("io.stat", "device", "rios"),                                            "",     "Read operations, by device."},
  {"cgroup_io_writes_total",                       Collector::io,                Type::counter, Unit::none,         each("io.stat", "device", "wios"),                                            "",     "Write operations, by device."},
  {"cgroup_io_discards_total",                     Collector::io,                Type::counter, Unit::none,         each("io.stat", "device", "dios"),                                            "",     "Discard operations, by device."},
  {"cgroup_io_cost_usage_seconds_total",           Collector::io,                Type::counter, Unit::microseconds, each("io.stat", "device", "cost.usage"),                                      "",     "Device time used, by the cost model of iocost."},
  {"cgroup_io_cost_vrate_ratio",                   Collector::io,                Type::gauge,   Unit::ratio,        percent(each("io.stat", "device", "cost.vrate")),                             "",     "Rate at which iocost issues, as a ratio of what the model promises; of the root only."},
  {"cgroup_io_cost_wait_seconds_total",            Collector::io,                Type::counter, Unit::microseconds, each("io.stat", "device", "cost.wait"),                                       "",     "Time for which I/O waited for its budget, where the kernel shows blkcg's debug statistics."},
  {"cgroup_io_cost_debt_seconds_total",            Collector::io,                Type::counter, Unit::microseconds, each("io.stat", "device", "cost.indebt"),                                     "",     "Time for which the cgroup was in debt to iocost, where the kernel shows blkcg's debug statistics."},
  {"cgroup_io_cost_delay_seconds_total",           Collector::io,                Type::counter, Unit::microseconds, each("io.stat", "device", "cost.indelay"),                                    "",     "Time for which the cgroup was delayed for its debt, where the kernel shows blkcg's debug statistics."},
  {"cgroup_io_use_delay",                          Collector::io,                Type::gauge,   Unit::none,         each("io.stat", "device", "use_delay"),                                       "",     "How many times over the cgroup is being delayed, where the kernel shows blkcg's debug statistics."},
  {"cgroup_io_delay_seconds",                      Collector::io,                Type::gauge,   Unit::nanoseconds,  each("io.stat", "device", "delay_nsec"),                                      "",     "Delay that tasks of the cgroup are given, where the kernel shows blkcg's debug statistics."},
  {"cgroup_io_latency_depth",                      Collector::io,                Type::gauge,   Unit::none,         limit(each("io.stat", "device", "depth")),                                    "",     "Queue depth that io.latency allows; absent without a limit."},
  {"cgroup_io_latency_average_seconds",            Collector::io,                Type::gauge,   Unit::microseconds, each("io.stat", "device", "avg_lat"),                                         "",     "Average latency in the window of io.latency, on rotational disks."},
  {"cgroup_io_latency_window_seconds",             Collector::io,                Type::gauge,   Unit::milliseconds, each("io.stat", "device", "win"),                                             "",     "Length of the window of io.latency, on rotational disks."},
  {"cgroup_io_latency_window_missed",              Collector::io,                Type::gauge,   Unit::none,         each("io.stat", "device", "missed"),                                          "",     "Operations of the window of io.latency that took longer than the target, on other disks."},
  {"cgroup_io_latency_window_ios",                 Collector::io,                Type::gauge,   Unit::none,         each("io.stat", "device", "total"),                                           "",     "Operations of the window of io.latency, on other disks."},

  {"cgroup_io_limit_read_bytes_per_second",        Collector::io_control,        Type::gauge,   Unit::none,         limit(each("io.max", "device", "rbps")),                                      "",     "Limit on bytes read per second, by device; absent without one."},
  {"cgroup_io_limit_write_bytes_per_second",       Collector::io_control,        Type::gauge,   Unit::none,         limit(each("io.max", "device", "wbps")),                                      "",     "Limit on bytes written per second, by device; absent without one."},
  {"cgroup_io_limit_reads_per_second",             Collector::io_control,        Type::gauge,   Unit::none,         limit(each("io.max", "device", "riops")),                                     "",     "Limit on read operations per second, by device; absent without one."},
  {"cgroup_io_limit_writes_per_second",            Collector::io_control,        Type::gauge,   Unit::none,         limit(each("io.max", "device", "wiops")),                                     "",     "Limit on write operations per second, by device; absent without one."},
  {"cgroup_io_weight",                             Collector::io_control,        Type::gauge,   Unit::none,         key("io.weight", "default"),                                                  "",     "Share of device time among siblings under iocost, 1 to 10000."},
  {"cgroup_io_device_weight",                      Collector::io_control,        Type::gauge,   Unit::none,         of(KeyClass::device, 0, keys("io.weight", "device")),                         "",     "The same for a device that has a weight of its own."},
  {"cgroup_io_bfq_weight",                         Collector::io_control,        Type::gauge,   Unit::none,         key("io.bfq.weight", "default"),                                              "",     "Share of device time among siblings under the scheduler bfq, 1 to 1000."},
  {"cgroup_io_bfq_device_weight",                  Collector::io_control,        Type::gauge,   Unit::none,         of(KeyClass::device, 0, keys("io.bfq.weight", "device")),                     "",     "The same for a device that has a weight of its own."},
  {"cgroup_io_latency_target_seconds",             Collector::io_control,        Type::gauge,   Unit::microseconds, each("io.latency", "device", "target"),                                       "",     "Latency above which siblings with a longer target are throttled, by device."},
  {"cgroup_io_prio_class_info",                    Collector::io_control,        Type::info,    Unit::none,         text("io.prio.class", "class"),                                               "5.14", "What becomes of the I/O priority class of the cgroup's requests."},
  {"cgroup_io_cost_qos_enabled",                   Collector::io_control,        Type::gauge,   Unit::none,         each("io.cost.qos", "device", "enable"),                                      "",     "Whether iocost controls the device."},
  {"cgroup_io_cost_qos_ctrl_info",                 Collector::io_control,        Type::info,    Unit::none,         each_text("io.cost.qos", "device", "ctrl"),                                   "",     "Whether the kernel chose the device's quality of service or a user did."},
  {"cgroup_io_cost_qos_read_percentile_ratio",     Collector::io_control,        Type::gauge,   Unit::ratio,        percent(each("io.cost.qos", "device", "rpct")),                               "",     "Percentile of read latency that iocost watches."},
  {"cgroup_io_cost_qos_read_latency_seconds",      Collector::io_control,        Type::gauge,   Unit::microseconds, each("io.cost.qos", "device", "rlat"),                                        "",     "Read latency above which the device counts as saturated."},
  {"cgroup_io_cost_qos_write_percentile_ratio",    Collector::io_control,        Type::gauge,   Unit::ratio,        percent(each("io.cost.qos", "device", "wpct")),                               "",     "Percentile of write latency that iocost watches."},
  {"cgroup_io_cost_qos_write_latency_seconds",     Collector::io_control,        Type::gauge,   Unit::microseconds, each("io.cost.qos", "device", "wlat"),                                        "",     "Write latency above which the device counts as saturated."},
  {"cgroup_io_cost_qos_min_ratio",                 Collector::io_control,        Type::gauge,   Unit::ratio,        percent(each("io.cost.qos", "device", "min")),                                "",     "Lowest issue rate, as a ratio of the model's."},
  {"cgroup_io_cost_qos_max_ratio",                 Collector::io_control,        Type::gauge,   Unit::ratio,        percent(each("io.cost.qos", "device", "max")),                                "",     "Highest issue rate, as a ratio of the model's."},
  {"cgroup_io_cost_model_ctrl_info",               Collector::io_control,        Type::info,    Unit::none,         each_text("io.cost.model", "device", "ctrl"),                                 "",     "Whether the kernel chose the device's cost model or a user did."},
  {"cgroup_io_cost_model_info",                    Collector::io_control,        Type::info,    Unit::none,         each_text("io.cost.model", "device", "model"),                                "",     "Kind of the device's cost model."},
  {"cgroup_io_cost_model_rbps",                    Collector::io_control,        Type::gauge,   Unit::none,         each("io.cost.model", "device", "rbps"),                                      "",     "Bytes per second that the device reads, by the model."},
  {"cgroup_io_cost_model_rseqiops",                Collector::io_control,        Type::gauge,   Unit::none,         each("io.cost.model", "device", "rseqiops"),                                  "",     "Sequential reads of 4 KiB per second, by the model."},
  {"cgroup_io_cost_model_rrandiops",               Collector::io_control,        Type::gauge,   Unit::none,         each("io.cost.model", "device", "rrandiops"),                                 "",     "Random reads of 4 KiB per second, by the model."},
  {"cgroup_io_cost_model_wbps",                    Collector::io_control,        Type::gauge,   Unit::none,         each("io.cost.model", "device", "wbps"),                                      "",     "Bytes per second that the device writes, by the model."},
  {"cgroup_io_cost_model_wseqiops",                Collector::io_control,        Type::gauge,   Unit::none,         each("io.cost.model", "device", "wseqiops"),                                  "",     "Sequential writes of 4 KiB per second, by the model."},
  {"cgroup_io_cost_model_wrandiops",               Collector::io_control,        Type::gauge,   Unit::none,         each("io.cost.model", "device", "wrandiops"),                                 "",     "Random writes of 4 KiB per second, by the model."},

  {"cgroup_pids",                                  Collector::pids,              Type::gauge,   Unit::none,         value("pids.current"),                                                        "",     "Tasks (threads, zombies included) in the cgroup and its descendants."},
  {"cgroup_pids_limit",                            Collector::pids,              Type::gauge,   Unit::none,         limit(value("pids.max")),                                                     "",     "Limit on tasks of the cgroup itself; absent without one."},
  {"cgroup_pids_peak",                             Collector::pids,              Type::gauge,   Unit::none,         value("pids.peak"),                                                           "6.1",  "Most tasks there were since the cgroup was created."},
  {"cgroup_pids_events_total",                     Collector::pids,              Type::counter, Unit::none,         keys("pids.events", "event", 1),                                              "",     "Forks that a limit on tasks refused; up to 6.10, and where the hierarchy is mounted with pids_localevents, counted only where fork failed, else where the limit is and above."},
  {"cgroup_pids_events_local_total",               Collector::pids,              Type::counter, Unit::none,         keys("pids.events.local", "event", 1),                                        "6.11", "Forks that the limit of this cgroup refused; where the hierarchy is mounted with pids_localevents, forks that failed in this cgroup."},

  {"cgroup_cpu_pressure_waiting_seconds_total",    Collector::pressure,          Type::counter, Unit::microseconds, member("cpu.pressure", "some", "total"),                                      "",     "Time in which some task waited for a CPU (PSI some)."},
  {"cgroup_cpu_pressure_stalled_seconds_total",    Collector::pressure,          Type::counter, Unit::microseconds, member("cpu.pressure", "full", "total"),                                      "5.13", "Time in which no task could run for want of a CPU (PSI full); of the root always 0."},
  {"cgroup_memory_pressure_waiting_seconds_total", Collector::pressure,          Type::counter, Unit::microseconds, member("memory.pressure", "some", "total"),                                   "",     "Time in which some task waited for memory (PSI some)."},
  {"cgroup_memory_pressure_stalled_seconds_total", Collector::pressure,          Type::counter, Unit::microseconds, member("memory.pressure", "full", "total"),                                   "",     "Time in which all tasks waited for memory (PSI full)."},
  {"cgroup_io_pressure_waiting_seconds_total",     Collector::pressure,          Type::counter, Unit::microseconds, member("io.pressure", "some", "total"),                                       "",     "Time in which some task waited for I/O (PSI some)."},
  {"cgroup_io_pressure_stalled_seconds_total",     Collector::pressure,          Type::counter, Unit::microseconds, member("io.pressure", "full", "total"),                                       "",     "Time in which all tasks waited for I/O (PSI full)."},
  {"cgroup_irq_pressure_stalled_seconds_total",    Collector::pressure,          Type::counter, Unit::microseconds, member("irq.pressure", "full", "total"),                                      "6.1",  "Time taken from tasks by interrupts (PSI full)."},

  {"cgroup_hugetlb_usage_bytes",                   Collector::hugetlb,           Type::gauge,   Unit::bytes,        value("hugetlb.*.current"),                                                   "",     "Huge pages in use, by their size."},
  {"cgroup_hugetlb_limit_bytes",                   Collector::hugetlb,           Type::gauge,   Unit::bytes,        limit(value("hugetlb.*.max")),                                                "",     "Limit on huge pages in use; absent without one."},
  {"cgroup_hugetlb_rsvd_usage_bytes",              Collector::hugetlb,           Type::gauge,   Unit::bytes,        value("hugetlb.*.rsvd.current"),                                              "",     "Huge pages in use or reserved, by their size."},
  {"cgroup_hugetlb_rsvd_limit_bytes",              Collector::hugetlb,           Type::gauge,   Unit::bytes,        limit(value("hugetlb.*.rsvd.max")),                                           "",     "Limit on huge pages in use or reserved; absent without one."},
  {"cgroup_hugetlb_events_total",                  Collector::hugetlb,           Type::counter, Unit::none,         keys("hugetlb.*.events", "event", 1),                                         "",     "Allocations of huge pages by tasks of the cgroup or a descendant that a limit refused, their own or an ancestor's."},
  {"cgroup_hugetlb_events_local_total",            Collector::hugetlb,           Type::counter, Unit::none,         keys("hugetlb.*.events.local", "event", 1),                                   "",     "Allocations of huge pages by tasks of this cgroup that a limit refused, its own or an ancestor's."},
  {"cgroup_hugetlb_numa_stat_bytes",               Collector::hugetlb,           Type::gauge,   Unit::bytes,        members("hugetlb.*.numa_stat", "", "node", "N"),                              "5.17", "Huge pages in use, by their size and node."},

  {"cgroup_rdma_usage",                            Collector::rdma,              Type::gauge,   Unit::none,         members("rdma.current", "device", "resource", "hca_"),                        "",     "RDMA resources in use, by device."},
  {"cgroup_rdma_limit",                            Collector::rdma,              Type::gauge,   Unit::none,         limit(members("rdma.max", "device", "resource", "hca_")),                     "",     "Limit on RDMA resources, by device; absent without one."},
  {"cgroup_rdma_peak",                             Collector::rdma,              Type::gauge,   Unit::none,         members("rdma.peak", "device", "resource", "hca_"),                           "7.3",  "Most RDMA resources in use since the cgroup was created, by device."},
  {"cgroup_rdma_events_total",                     Collector::rdma,              Type::counter, Unit::none,         members("rdma.events", "device", "event", "hca_"),                            "7.3",  "RDMA resources refused in the cgroup or a descendant, by device."},
  {"cgroup_rdma_events_local_total",               Collector::rdma,              Type::counter, Unit::none,         members("rdma.events.local", "device", "event", "hca_"),                      "7.3",  "RDMA resources refused by the limit of this cgroup, by device."},

  {"cgroup_misc_usage",                            Collector::misc,              Type::gauge,   Unit::none,         keys("misc.current", "resource"),                                             "5.13", "Scalar resources in use."},
  {"cgroup_misc_limit",                            Collector::misc,              Type::gauge,   Unit::none,         limit(keys("misc.max", "resource")),                                          "5.13", "Limit on scalar resources; absent without one."},
  {"cgroup_misc_peak",                             Collector::misc,              Type::gauge,   Unit::none,         keys("misc.peak", "resource"),                                                "6.11", "Most scalar resources in use since the cgroup was created."},
  {"cgroup_misc_capacity",                         Collector::misc,              Type::gauge,   Unit::none,         keys("misc.capacity", "resource"),                                            "5.13", "Scalar resources that the host has."},
  {"cgroup_misc_events_total",                     Collector::misc,              Type::counter, Unit::none,         keys("misc.events", "event"),                                                 "5.16", "Scalar resources refused in the cgroup or a descendant."},
  {"cgroup_misc_events_local_total",               Collector::misc,              Type::counter, Unit::none,         keys("misc.events.local", "event"),                                           "6.11", "Scalar resources refused by the limit of this cgroup."},

  {"cgroup_dmem_usage_bytes",                      Collector::dmem,              Type::gauge,   Unit::bytes,        keys("dmem.current", "region"),                                               "6.14", "Device memory in use, by region."},
  {"cgroup_dmem_limit_bytes",                      Collector::dmem,              Type::gauge,   Unit::bytes,        limit(keys("dmem.max", "region")),                                            "6.14", "Hard limit on device memory, by region; absent without one."},
  {"cgroup_dmem_low_bytes",                        Collector::dmem,              Type::gauge,   Unit::bytes,        limit(keys("dmem.low", "region")),                                            "6.14", "Best-effort protection of device memory, by region; absent if all of it is protected."},
  {"cgroup_dmem_min_bytes",                        Collector::dmem,              Type::gauge,   Unit::bytes,        limit(keys("dmem.min", "region")),                                            "6.14", "Hard protection of device memory, by region; absent if all of it is protected."},
  {"cgroup_dmem_peak_bytes",                       Collector::dmem,              Type::gauge,   Unit::bytes,        keys("dmem.peak", "region"),                                                  "7.3",  "Most device memory in use since the cgroup was created, by region."},
  {"cgroup_dmem_capacity_bytes",                   Collector::dmem,              Type::gauge,   Unit::bytes,        keys("dmem.capacity", "region"),                                              "6.14", "Device memory that the host has, by region."},
});

inline constexpr auto inputs = std::to_array<InputRow>({
  {Input::memory_max,       limit(value("memory.max")), true},
  {Input::memory_current,   value("memory.current"), true},
  {Input::active_file,      key("memory.stat", "active_file")},
  {Input::inactive_file,    key("memory.stat", "inactive_file")},
  {Input::slab_reclaimable, key("memory.stat", "slab_reclaimable")},
});

/// What the root cgroup has no file for, but /proc has with the same meaning. Amounts in /proc/meminfo are in KiB.
inline constexpr auto root_rows = std::to_array<RootRow>({
  {.metric = "cgroup_memory_usage_bytes",                    .controller = "memory", .file = "meminfo",         .key = "MemTotal",  .minus = "MemFree"},
  {.metric = "cgroup_memory_swap_usage_bytes",               .controller = "memory", .file = "meminfo",         .key = "SwapTotal", .minus = "SwapFree"},
  {.metric = "cgroup_memory_oom_kills_total",                .controller = "memory", .file = "vmstat",          .key = "oom_kill"},
  {.metric = "cgroup_cpu_pressure_waiting_seconds_total",    .controller = "",       .file = "pressure/cpu",    .key = "some", .member = "total"},
  {.metric = "cgroup_cpu_pressure_stalled_seconds_total",    .controller = "",       .file = "pressure/cpu",    .key = "full", .member = "total"},
  {.metric = "cgroup_memory_pressure_waiting_seconds_total", .controller = "",       .file = "pressure/memory", .key = "some", .member = "total"},
  {.metric = "cgroup_memory_pressure_stalled_seconds_total", .controller = "",       .file = "pressure/memory", .key = "full", .member = "total"},
  {.metric = "cgroup_io_pressure_waiting_seconds_total",     .controller = "",       .file = "pressure/io",     .key = "some", .member = "total"},
  {.metric = "cgroup_io_pressure_stalled_seconds_total",     .controller = "",       .file = "pressure/io",     .key = "full", .member = "total"},
  {.metric = "cgroup_irq_pressure_stalled_seconds_total",    .controller = "",       .file = "pressure/irq",    .key = "full", .member = "total"},
});
// clang-format on

inline constexpr std::size_t metric_count = metrics.size();

/// Index of a metric in `metrics`; metric_count if there is none of that name.
[[nodiscard]] constexpr std::size_t metric_index(std::string_view name) {
  std::size_t i = 0;
  while (i < metric_count && metrics[i].name != name) ++i;
  return i;
}

/// The names of the labels that a sample has beside those of its cgroup, in their order; empty
/// where there is none.
using LabelNames = std::array<std::string_view, 2>;
[[nodiscard]] constexpr LabelNames label_names(const Metric& metric) {
  LabelNames names;
  std::size_t count = 0;
  const std::size_t file = file_index(metric.source.file);
  const std::string_view star = file < file_count ? files[file].star_label : std::string_view{};
  for (const std::string_view name : {star, metric.source.label, metric.source.member_label}) {
    if (!name.empty()) names.at(count++) = name;  // a third one does not compile
  }
  return names;
}

}  // namespace cgroup2::catalog
