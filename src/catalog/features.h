// SPDX-License-Identifier: Apache-2.0
// Declares what a kernel may offer or not, one row each, so that a missing series can be explained.
#pragma once

#include <array>

#include "catalog/metric.h"

namespace cgroup2::catalog {

// clang-format off
/// Holds the features that cgroup_exporter_kernel_feature reports.
inline constexpr auto features = std::to_array<Feature>({
  {"controller_cpu",            Feature::Probe::controller,   "cpu"},
  {"controller_cpuset",         Feature::Probe::controller,   "cpuset"},
  {"controller_dmem",           Feature::Probe::controller,   "dmem"},
  {"controller_hugetlb",        Feature::Probe::controller,   "hugetlb"},
  {"controller_io",             Feature::Probe::controller,   "io"},
  {"controller_memory",         Feature::Probe::controller,   "memory"},
  {"controller_misc",           Feature::Probe::controller,   "misc"},
  {"controller_pids",           Feature::Probe::controller,   "pids"},
  {"controller_rdma",           Feature::Probe::controller,   "rdma"},
  {"favordynmods",              Feature::Probe::mount_option, "favordynmods"},
  {"memory_hugetlb_accounting", Feature::Probe::mount_option, "memory_hugetlb_accounting"},
  {"memory_localevents",        Feature::Probe::mount_option, "memory_localevents"},
  {"memory_recursiveprot",      Feature::Probe::mount_option, "memory_recursiveprot"},
  {"nsdelegate",                Feature::Probe::mount_option, "nsdelegate"},
  {"pids_localevents",          Feature::Probe::mount_option, "pids_localevents"},
  {"cgroup_stat_local",         Feature::Probe::file, "cgroup.stat.local",     "cgroup.events"},
  {"cpu_burst",                 Feature::Probe::file, "cpu.max.burst",         "cpu.max"},
  {"cpu_idle",                  Feature::Probe::file, "cpu.idle",              "cpu.max"},
  {"cpu_stat_local",            Feature::Probe::file, "cpu.stat.local",        "cpu.stat"},
  {"cpu_uclamp",                Feature::Probe::file, "cpu.uclamp.min",        "cpu.max"},
  {"io_bfq_weight",             Feature::Probe::file, "io.bfq.weight",         "io.max"},
  {"io_latency",                Feature::Probe::file, "io.latency",            "io.max"},
  {"io_prio_class",             Feature::Probe::file, "io.prio.class",         "io.max"},
  {"io_weight",                 Feature::Probe::file, "io.weight",             "io.max"},
  {"irq_pressure",              Feature::Probe::file, "irq.pressure",          "cgroup.controllers"},
  {"memory_numa_stat",          Feature::Probe::file, "memory.numa_stat",      "memory.stat"},
  {"memory_peak",               Feature::Probe::file, "memory.peak",           "memory.current"},
  {"memory_swap",               Feature::Probe::file, "memory.swap.current",   "memory.current"},
  {"memory_swap_peak",          Feature::Probe::file, "memory.swap.peak",      "memory.swap.current"},
  {"memory_zswap",              Feature::Probe::file, "memory.zswap.current",  "memory.current"},
  {"memory_zswap_writeback",    Feature::Probe::file, "memory.zswap.writeback", "memory.current"},
  {"misc_peak",                 Feature::Probe::file, "misc.peak",             "misc.max"},
  {"pids_events_local",         Feature::Probe::file, "pids.events.local",     "pids.current"},
  {"pids_peak",                 Feature::Probe::file, "pids.peak",             "pids.current"},
  {"psi",                       Feature::Probe::file, "memory.pressure",       "cgroup.controllers"},
});
// clang-format on

}  // namespace cgroup2::catalog
