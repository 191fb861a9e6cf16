// SPDX-License-Identifier: Apache-2.0
// Declares the collectors: groups of metrics that users switch on and off, and narrow a scrape to.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace cgroup2::catalog {

enum class Collector {
  cgroup,
  cgroup_control,
  cgroup_subsystems,
  cpu,
  cpu_control,
  cpuset,
  dmem,
  hugetlb,
  io,
  io_control,
  memory,
  memory_numa,
  memory_recent_peak,
  memory_stat,
  memory_swap,
  memory_zswap,
  misc,
  namespaces,
  network,
  network_sockets,
  oom,
  pids,
  pressure,
  pressure_bursts,
  processes,
  rdma,
};

struct CollectorInfo {
  std::string_view name;
  bool is_default;  ///< on unless it is switched off
  std::string_view help;
};

// clang-format off
/// Holds all collectors, indexed by Collector, sorted by name.
inline constexpr auto collectors = std::to_array<CollectorInfo>({
    {"cgroup",            true,  "cgroup.events and cgroup.stat: populated, frozen, descendants; start of the first process"},
    {"cgroup_control",    false, "cgroup.type, freeze, controllers, limits on descendants, time spent frozen"},
    {"cgroup_subsystems", false, "cgroup.stat by subsystem: living and dying cgroups that each controller holds"},
    {"cpu",               true,  "cpu.stat, cpu.stat.local, cpu.max and cpu.weight: usage, throttling, limit and its period"},
    {"cpu_control",       false, "cpu.max's burst, cpu.idle, utilization clamps, real-time budget"},
    {"cpuset",            false, "cpuset.*: CPUs and memory nodes, as numbers and as lists; partitions"},
    {"dmem",              false, "dmem.*: device memory by region"},
    {"hugetlb",           false, "hugetlb.*: huge pages by size"},
    {"io",                true,  "io.stat: bytes, operations and, where the kernel keeps them, costs by device"},
    {"io_control",        false, "io.max, weights, latency targets, priority class and the cost model by device"},
    {"memory",            true,  "memory.*: usage, limits, events, OOM kills"},
    {"memory_numa",       false, "memory.numa_stat: the keys of memory.stat by NUMA node"},
    {"memory_recent_peak", false, "highest use of memory and swap in memory.peak-window; resets memory.peak where it may"},
    {"memory_stat",       true,  "memory.stat: what the memory is used for; reclaim and faults; working set"},
    {"memory_swap",       true,  "memory.swap.*: usage, limits, events"},
    {"memory_zswap",      false, "memory.zswap.*: compressed swap in memory"},
    {"misc",              false, "misc.*: scalar resources, for example SEV and TDX address space ids"},
    {"namespaces",        true,  "inodes of the namespaces of each cgroup's processes; identity uses them either way"},
    {"network",           true,  "/proc/PID/net/dev: bytes, packets, errors and drops by interface of each network namespace"},
    {"network_sockets",   false, "/proc/PID/net/sockstat: TCP and UDP sockets of each network namespace"},
    {"oom",               true,  "OOM kills by owner, kept when cgroups go and across restarts; victims; the limit that was hit"},
    {"pids",              true,  "pids.*: tasks and their limit"},
    {"pressure",          true,  "cpu, memory, io and irq.pressure: time lost waiting (PSI)"},
    {"pressure_bursts",   false, "windows of pressure.burst-window in which tasks waited for pressure.burst-threshold"},
    {"processes",         false, "processes, open files, sockets, soft limits; costs time for each descriptor"},
    {"rdma",              false, "rdma.*: RDMA handles and objects by device"},
});
// clang-format on

inline constexpr std::size_t collector_count = collectors.size();

/// Returns the index of a collector in `collectors`, and in every array and set that has one entry
/// for each.
[[nodiscard]] constexpr std::size_t index(Collector collector) {
  return static_cast<std::size_t>(collector);
}
static_assert(collectors[index(Collector::rdma)].name == "rdma");

/// Finds the collector of that name, or nothing.
[[nodiscard]] constexpr std::optional<Collector> find_collector(std::string_view name) {
  for (std::size_t i = 0; i < collectors.size(); ++i) {
    if (collectors[i].name == name) return static_cast<Collector>(i);
  }
  return std::nullopt;
}

}  // namespace cgroup2::catalog
