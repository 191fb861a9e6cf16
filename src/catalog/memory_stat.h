// SPDX-License-Identifier: Apache-2.0
// The keys of memory.stat: which are bytes, which count events or pages (cgroup-v2.rst,
// "memory.stat"; the two are mixed in the file without a mark). A key that is in neither list is
// exported as untyped, so that a new kernel needs no release.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "catalog/metric.h"

namespace cgroup2::catalog {

// clang-format off
inline constexpr std::array<std::string_view, 29> memory_stat_bytes{
    "anon", "file", "kernel", "kernel_stack", "pagetables", "sec_pagetables", "percpu", "sock",
    "vmalloc", "shmem", "zswap", "zswapped", "zswap_incomp", "file_mapped", "file_dirty",
    "file_writeback", "swapcached", "anon_thp", "file_thp", "shmem_thp", "inactive_anon",
    "active_anon", "inactive_file", "active_file", "unevictable", "slab_reclaimable",
    "slab_unreclaimable", "slab", "hugetlb"};

inline constexpr std::array<std::string_view, 43> memory_stat_events{
    "workingset_refault_anon", "workingset_refault_file", "workingset_activate_anon",
    "workingset_activate_file", "workingset_restore_anon", "workingset_restore_file",
    "workingset_nodereclaim", "pgdemote_kswapd", "pgdemote_direct", "pgdemote_khugepaged",
    "pgdemote_proactive", "pgpromote_success", "pgscan", "pgsteal", "pgscan_kswapd",
    "pgscan_direct", "pgscan_khugepaged", "pgscan_proactive", "pgsteal_kswapd",
    "pgsteal_direct", "pgsteal_khugepaged", "pgsteal_proactive", "pgrefill", "pgactivate",
    "pgdeactivate", "pglazyfree", "pglazyfreed", "pgfault", "pgmajfault", "pswpin", "pswpout",
    "swpin_zero", "swpout_zero", "zswpin", "zswpout", "zswpwb", "thp_fault_alloc",
    "thp_collapse_alloc", "thp_swpout", "thp_swpout_fallback", "numa_pages_migrated",
    "numa_pte_updates", "numa_hint_faults"};
// clang-format on

[[nodiscard]] constexpr KeyClass classify_memory_stat(std::string_view key) {
  if (std::ranges::find(memory_stat_bytes, key) != memory_stat_bytes.end()) return KeyClass::bytes;
  if (std::ranges::find(memory_stat_events, key) != memory_stat_events.end())
    return KeyClass::events;
  return KeyClass::other;
}

}  // namespace cgroup2::catalog
