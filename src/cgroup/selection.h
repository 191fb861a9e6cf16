// SPDX-License-Identifier: Apache-2.0
// Says what is read and exported, as the user chose it.
#pragma once

#include <bitset>
#include <cstddef>
#include <functional>
#include <string_view>

#include "catalog/collector.h"
#include "catalog/lean.h"

namespace cgroup2::cgroup {

using CollectorSet = std::bitset<catalog::collector_count>;

/// Selects what is read and exported.
struct Selection {
  CollectorSet enabled;
  /// Says whether a key of memory.stat and memory.numa_stat is exported; called once per key.
  /// Without a function all of them are. Values derived from them are exported either way.
  std::function<bool(std::string_view key)> takes_stat_key;
  /// Those of which only what the set `lean` has is exported, and read what it needs.
  catalog::MetricSet narrowed{};

  /// Says whether anything of a metric is read.
  [[nodiscard]] bool reads(std::size_t metric) const {
    const auto& collector = catalog::metrics[metric].collector;
    return collector && enabled.test(index(*collector)) &&
           (!narrowed.test(metric) || catalog::is_read_in_lean(metric));
  }
};

}  // namespace cgroup2::cgroup
