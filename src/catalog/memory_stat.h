// SPDX-License-Identifier: Apache-2.0
// Declares the metrics of memory.stat and memory.numa_stat, and says which of their keys are bytes
// and which count events or pages (cgroup-v2.rst, "memory.stat"; the file mixes the two without a
// mark). A key that is in neither list is exported as untyped, so that a new kernel needs no
// release.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "catalog/metric.h"

namespace cgroup2::catalog {

inline constexpr auto memory_stat_bytes = std::to_array<std::string_view>({
    "anon",
    "file",
    "kernel",
    "kernel_stack",
    "pagetables",
    "sec_pagetables",
    "percpu",
    "sock",
    "vmalloc",
    "shmem",
    "zswap",
    "zswapped",
    "zswap_incomp",
    "file_mapped",
    "file_dirty",
    "file_writeback",
    "swapcached",
    "anon_thp",
    "file_thp",
    "shmem_thp",
    "inactive_anon",
    "active_anon",
    "inactive_file",
    "active_file",
    "unevictable",
    "slab_reclaimable",
    "slab_unreclaimable",
    "slab",
    "hugetlb",
});

inline constexpr auto memory_stat_events = std::to_array<std::string_view>({
    "workingset_refault_anon",
    "workingset_refault_file",
    "workingset_activate_anon",
    "workingset_activate_file",
    "workingset_restore_anon",
    "workingset_restore_file",
    "workingset_nodereclaim",
    "pgdemote_kswapd",
    "pgdemote_direct",
    "pgdemote_khugepaged",
    "pgdemote_proactive",
    "pgpromote_success",
    "pgscan",
    "pgsteal",
    "pgscan_kswapd",
    "pgscan_direct",
    "pgscan_khugepaged",
    "pgscan_proactive",
    "pgsteal_kswapd",
    "pgsteal_direct",
    "pgsteal_khugepaged",
    "pgsteal_proactive",
    "pgrefill",
    "pgactivate",
    "pgdeactivate",
    "pglazyfree",
    "pglazyfreed",
    "pgfault",
    "pgmajfault",
    "pswpin",
    "pswpout",
    "swpin_zero",
    "swpout_zero",
    "zswpin",
    "zswpout",
    "zswpwb",
    "thp_fault_alloc",
    "thp_collapse_alloc",
    "thp_swpout",
    "thp_swpout_fallback",
    "numa_pages_migrated",
    "numa_pte_updates",
    "numa_hint_faults",
});

/// Hold the keys that the set `lean` shows; docs/metrics-choice.md has the reasons.
inline constexpr auto lean_memory_stat_bytes = std::to_array<LeanKey>({
    {"anon", Lean::everywhere},
    {"file", Lean::everywhere},
    {"kernel", Lean::everywhere},
    {"shmem", Lean::everywhere},
    {"slab_unreclaimable", Lean::everywhere},
    {"active_file", Lean::workloads},
    {"file_mapped", Lean::workloads},
    {"inactive_file", Lean::workloads},
});
inline constexpr auto lean_memory_stat_events = std::to_array<LeanKey>({
    {"workingset_refault_anon", Lean::everywhere},
    {"workingset_refault_file", Lean::everywhere},
    {"pgfault", Lean::workloads},
    {"pgmajfault", Lean::workloads},
});

[[nodiscard]] constexpr KeyClass classify_memory_stat(std::string_view key) {
  if (std::ranges::find(memory_stat_bytes, key) != memory_stat_bytes.end()) return KeyClass::bytes;
  if (std::ranges::find(memory_stat_events, key) != memory_stat_events.end())
    return KeyClass::events;
  return KeyClass::other;
}

inline constexpr auto memory_stat_metrics = std::to_array<Metric>({
    {.name = "cgroup_memory_unreclaimable_bytes",
     .collector = Collector::memory_stat,
     .lean = Lean::everywhere,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = derived("memory.stat", Derivation::unreclaimable),
     .help = "memory.current minus file pages on the LRU lists and reclaimable slab, not below 0."},
    {.name = "cgroup_memory_working_set_bytes",
     .collector = Collector::memory_stat,
     .lean = Lean::everywhere,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = derived("memory.stat", Derivation::working_set),
     .help = "memory.current minus inactive file pages, not below 0, as cAdvisor defines it."},
    {.name = "cgroup_memory_stat_bytes",
     .collector = Collector::memory_stat,
     .lean = Lean::everywhere,
     .lean_keys = lean_memory_stat_bytes,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source =
         keys("memory.stat",
              {.label = "type", .keys = KeyClass::bytes, .known_values = memory_stat_bytes.size()}),
     .help = "Keys of memory.stat that are amounts of memory."},
    {.name = "cgroup_memory_stat_events_total",
     .collector = Collector::memory_stat,
     .lean = Lean::everywhere,
     .lean_keys = lean_memory_stat_events,
     .type = MetricType::counter,
     .source = keys(
         "memory.stat",
         {.label = "type", .keys = KeyClass::events, .known_values = memory_stat_events.size()}),
     .help = "Keys of memory.stat that count events or pages."},
    {.name = "cgroup_memory_stat_other",
     .collector = Collector::memory_stat,
     .type = MetricType::untyped,
     .source = keys("memory.stat", {.label = "type", .keys = KeyClass::other}),
     .help = "Keys of memory.stat that this version does not know."},
    {.name = "cgroup_memory_numa_stat_bytes",
     .collector = Collector::memory_numa,
     .type = MetricType::gauge,
     .unit = Unit::bytes,
     .source = members("memory.numa_stat", {.label = "type",
                                            .member_label = "node",
                                            .prefix = "N",
                                            .keys = KeyClass::bytes,
                                            .known_values = 22}),
     .help = "Keys of memory.numa_stat that are amounts of memory, by node."},
    {.name = "cgroup_memory_numa_stat_events_total",
     .collector = Collector::memory_numa,
     .type = MetricType::counter,
     .source = members("memory.numa_stat", {.label = "type",
                                            .member_label = "node",
                                            .prefix = "N",
                                            .keys = KeyClass::events,
                                            .known_values = 21}),
     .help = "Keys of memory.numa_stat that count events or pages, by node."},
    {.name = "cgroup_memory_numa_stat_other",
     .collector = Collector::memory_numa,
     .type = MetricType::untyped,
     .source =
         members("memory.numa_stat",
                 {.label = "type", .member_label = "node", .prefix = "N", .keys = KeyClass::other}),
     .help = "Keys of memory.numa_stat that this version does not know, by node."},
});

}  // namespace cgroup2::catalog
