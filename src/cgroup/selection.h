// SPDX-License-Identifier: Apache-2.0
// Selection: what is read and exported, as the user chose it.
#pragma once

#include <bitset>
#include <functional>
#include <string_view>

#include "catalog/collector.h"

namespace cgroup2::cgroup {

using CollectorSet = std::bitset<catalog::collector_count>;

/// What is read and exported.
struct Selection {
  CollectorSet enabled;
  /// Whether a key of memory.stat and memory.numa_stat is exported, asked once per key; no function
  /// for all of them. What is derived from them is not concerned.
  std::function<bool(std::string_view key)> takes_stat_key;
};

}  // namespace cgroup2::cgroup
