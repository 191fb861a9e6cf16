// SPDX-License-Identifier: Apache-2.0
// The collectors: groups of metrics that users switch on and off, and narrow a scrape to.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace cgroup2::catalog {

enum class Collector { cgroup, cpu, io, memory, namespaces, pids, pressure };

struct CollectorInfo {
  std::string_view name;
  std::string_view help;
};

/// All collectors, indexed by Collector, sorted by name.
inline constexpr std::array<CollectorInfo, 7> collectors{{
    {"cgroup", "cgroup.events and cgroup.stat: populated, frozen, descendants"},
    {"cpu", "cpu.stat, cpu.max and cpu.weight: usage, throttling, limits"},
    {"io", "io.stat: bytes and operations by device"},
    {"memory", "memory.*: usage, limits, events, memory.stat, swap"},
    {"namespaces",
     "inodes of the namespaces of each cgroup's processes; they decide on container ids either "
     "way"},
    {"pids", "pids.*: tasks and their limit"},
    {"pressure", "cpu, memory, io and irq.pressure: time lost waiting (PSI)"},
}};

inline constexpr std::size_t collector_count = collectors.size();

/// The collector of that name, or nothing.
[[nodiscard]] constexpr std::optional<Collector> find_collector(std::string_view name) {
  for (std::size_t i = 0; i < collectors.size(); ++i) {
    if (collectors[i].name == name) return static_cast<Collector>(i);
  }
  return std::nullopt;
}

}  // namespace cgroup2::catalog
