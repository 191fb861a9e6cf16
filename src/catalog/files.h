// SPDX-License-Identifier: Apache-2.0
// Declares the interface files (cgroup-v2.rst): those that are read, one row each, and those that
// are not, with the reason.
//
// Changes::on_write is for settings of the cgroup alone. These are none:
// - what other cgroups, CPUs that come and go, and devices change: cpuset.*.effective,
//   cpuset.cpus.partition, cgroup.type, cgroup.controllers, cgroup.subtree_control of the root (a
//   mount of cgroup v1 takes a controller away), and lists with a line for each device (io.max,
//   io.weight, rdma, misc, dmem),
// - files of events. The kernel notifies of them (kernfs_notify), but a watch of the directory is
//   told only while the file's inode is in the cache: not if nobody has opened the file yet, and
//   not after the kernel took the memory back. tests/lab/writes_test.py shows it.
//
// Changes::with_swap is for what counts pages in swap space. Without a row in /proc/swaps there are
// none: swapoff(2) brings all of them back before it takes the row away (swap_show() in
// mm/swapfile.c), and zswap keeps pages only of what has one.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "catalog/metric.h"

namespace cgroup2::catalog {

// clang-format off
/// Holds the files that are read, in the order of their phases.
inline constexpr auto files = std::to_array<File>({
  {.name = "cgroup.events",                    .shape = Shape::flat_keyed},
  {.name = "cgroup.stat",                      .shape = Shape::flat_keyed},
  {.name = "cgroup.stat.local",                .shape = Shape::flat_keyed},
  {.name = "cgroup.type",                      .shape = Shape::text},
  {.name = "cgroup.freeze",                    .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "cgroup.controllers",               .shape = Shape::words, .may_be_empty = true},
  {.name = "cgroup.subtree_control",           .shape = Shape::words, .may_be_empty = true},
  {.name = "cgroup.max.depth",                 .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "cgroup.max.descendants",           .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "cgroup.pressure",                  .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "cpu.max",                          .shape = Shape::space_separated, .changes = Changes::on_write},
  {.name = "cpu.max.burst",                    .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "cpu.weight",                       .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "cpu.idle",                         .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "cpu.uclamp.min",                   .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "cpu.uclamp.max",                   .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "cpu.rt_runtime_us",                .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "cpu.rt_period_us",                 .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "cpuset.cpus",                      .shape = Shape::ranges, .changes = Changes::on_write},
  {.name = "cpuset.cpus.exclusive",            .shape = Shape::ranges, .changes = Changes::on_write},
  {.name = "cpuset.cpus.effective",            .shape = Shape::ranges},
  {.name = "cpuset.cpus.exclusive.effective",  .shape = Shape::ranges},
  {.name = "cpuset.cpus.isolated",             .shape = Shape::ranges, .is_of_root = true},
  {.name = "cpuset.cpus.partition",            .shape = Shape::text},
  {.name = "cpuset.mems",                      .shape = Shape::ranges, .changes = Changes::on_write},
  {.name = "cpuset.mems.effective",            .shape = Shape::ranges},
  {.name = "memory.max",                       .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "memory.high",                      .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "memory.low",                       .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "memory.min",                       .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "memory.peak",                      .shape = Shape::single_value},
  {.name = "memory.oom.group",                 .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "memory.events",                    .shape = Shape::flat_keyed},
  {.name = "memory.events.local",              .shape = Shape::flat_keyed},
  {.name = "memory.swap.current",              .shape = Shape::single_value, .changes = Changes::with_swap},
  {.name = "memory.swap.max",                  .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "memory.swap.high",                 .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "memory.swap.peak",                 .shape = Shape::single_value, .changes = Changes::with_swap},
  {.name = "memory.swap.events",               .shape = Shape::flat_keyed},
  {.name = "memory.zswap.current",             .shape = Shape::single_value, .changes = Changes::with_swap},
  {.name = "memory.zswap.max",                 .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "memory.zswap.writeback",           .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "io.max",                           .shape = Shape::nested_keyed, .may_be_empty = true},
  {.name = "io.weight",                        .shape = Shape::flat_keyed},
  {.name = "io.bfq.weight",                    .shape = Shape::flat_keyed},
  {.name = "io.latency",                       .shape = Shape::nested_keyed, .may_be_empty = true},
  {.name = "io.prio.class",                    .shape = Shape::text, .changes = Changes::on_write},
  {.name = "io.cost.qos",                      .shape = Shape::nested_keyed, .may_be_empty = true, .is_of_root = true},
  {.name = "io.cost.model",                    .shape = Shape::nested_keyed, .may_be_empty = true, .is_of_root = true},
  {.name = "pids.current",                     .shape = Shape::single_value},
  {.name = "pids.max",                         .shape = Shape::single_value, .changes = Changes::on_write},
  {.name = "pids.peak",                        .shape = Shape::single_value},
  {.name = "pids.events",                      .shape = Shape::flat_keyed},
  {.name = "pids.events.local",                .shape = Shape::flat_keyed},
  {.name = "hugetlb.*.current",                .shape = Shape::single_value, .star_label = "size"},
  {.name = "hugetlb.*.max",                    .shape = Shape::single_value, .changes = Changes::on_write, .star_label = "size"},
  {.name = "hugetlb.*.rsvd.current",           .shape = Shape::single_value, .star_label = "size"},
  {.name = "hugetlb.*.rsvd.max",               .shape = Shape::single_value, .changes = Changes::on_write, .star_label = "size"},
  {.name = "hugetlb.*.events",                 .shape = Shape::flat_keyed, .star_label = "size"},
  {.name = "hugetlb.*.events.local",           .shape = Shape::flat_keyed, .star_label = "size"},
  {.name = "hugetlb.*.numa_stat",              .shape = Shape::members, .star_label = "size"},
  {.name = "rdma.current",                     .shape = Shape::nested_keyed, .may_be_empty = true, .key_member = "index"},
  {.name = "rdma.max",                         .shape = Shape::nested_keyed, .may_be_empty = true, .key_member = "index"},
  {.name = "rdma.peak",                        .shape = Shape::nested_keyed, .may_be_empty = true, .key_member = "index"},
  {.name = "rdma.events",                      .shape = Shape::nested_keyed, .may_be_empty = true, .key_member = "index"},
  {.name = "rdma.events.local",                .shape = Shape::nested_keyed, .may_be_empty = true, .key_member = "index"},
  {.name = "misc.current",                     .shape = Shape::flat_keyed, .may_be_empty = true},
  {.name = "misc.max",                         .shape = Shape::flat_keyed, .may_be_empty = true},
  {.name = "misc.peak",                        .shape = Shape::flat_keyed, .may_be_empty = true},
  {.name = "misc.capacity",                    .shape = Shape::flat_keyed, .may_be_empty = true, .is_of_root = true},
  {.name = "misc.events",                      .shape = Shape::flat_keyed, .may_be_empty = true},
  {.name = "misc.events.local",                .shape = Shape::flat_keyed, .may_be_empty = true},
  {.name = "dmem.current",                     .shape = Shape::flat_keyed, .may_be_empty = true},
  {.name = "dmem.max",                         .shape = Shape::flat_keyed, .may_be_empty = true},
  {.name = "dmem.min",                         .shape = Shape::flat_keyed, .may_be_empty = true},
  {.name = "dmem.low",                         .shape = Shape::flat_keyed, .may_be_empty = true},
  {.name = "dmem.peak",                        .shape = Shape::flat_keyed, .may_be_empty = true},
  {.name = "dmem.capacity",                    .shape = Shape::flat_keyed, .may_be_empty = true, .is_of_root = true},
  {.name = "cpu.stat",                         .shape = Shape::flat_keyed, .phase = ReadPhase::cpu_stat},
  {.name = "cpu.stat.local",                   .shape = Shape::flat_keyed, .phase = ReadPhase::cpu_stat, .may_be_empty = true},
  {.name = "memory.current",                   .shape = Shape::single_value, .phase = ReadPhase::memory},
  {.name = "memory.stat",                      .shape = Shape::flat_keyed, .phase = ReadPhase::memory},
  {.name = "memory.numa_stat",                 .shape = Shape::nested_keyed, .phase = ReadPhase::memory},
  {.name = "io.stat",                          .shape = Shape::nested_keyed, .phase = ReadPhase::io_stat, .may_be_empty = true},
  {.name = "cpu.pressure",                     .shape = Shape::nested_keyed, .phase = ReadPhase::pressure, .may_be_refused = true},
  {.name = "memory.pressure",                  .shape = Shape::nested_keyed, .phase = ReadPhase::pressure, .may_be_refused = true},
  {.name = "io.pressure",                      .shape = Shape::nested_keyed, .phase = ReadPhase::pressure, .may_be_refused = true},
  {.name = "irq.pressure",                     .shape = Shape::nested_keyed, .phase = ReadPhase::pressure, .may_be_refused = true},
});

/// Holds what can be read and is not exported. A star stands for every file, or every key, that
/// fits.
inline constexpr auto unread = std::to_array<Unread>({
  {"cgroup.procs",     "", "process ids: read for identity, not exported"},
  {"cgroup.threads",   "", "thread ids: pids.current counts them"},
  {"cpu.weight.nice",  "", "a coarser view of cpu.weight"},
  {"io.low",           "", "an experiment, switched on by no distribution known and gone in 6.11"},
  {"memory.reclaim",   "", "write only, though its mode may say otherwise"},
  {"*.pressure",       "avg*", "averages: rate() of the total gives them over any time"},
  {"hugetlb.*.numa_stat", "total", "the same as hugetlb.*.current"},
});
// clang-format on

inline constexpr std::size_t file_count = files.size();

/// Finds the index of a file in `files`; file_count if there is none of that name.
[[nodiscard]] constexpr std::size_t file_index(std::string_view name) {
  std::size_t i = 0;
  while (i < file_count && files[i].name != name) ++i;
  return i;
}

/// Says whether the name of a row describes a file: "hugetlb.*.max" describes "hugetlb.2MB.max".
/// The star is one word without dots.
[[nodiscard]] constexpr bool describes(std::string_view pattern, std::string_view name) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == name;
  const std::size_t rest = pattern.size() - star - 1;
  if (name.size() <= star + rest || !name.starts_with(pattern.substr(0, star)) ||
      !name.ends_with(pattern.substr(star + 1))) {
    return false;
  }
  return name.substr(star, name.size() - star - rest).find('.') == std::string_view::npos;
}

}  // namespace cgroup2::catalog
