// SPDX-License-Identifier: Apache-2.0
// Settings: what a reload may change of how cgroups are read.
#pragma once

#include <chrono>
#include <cstddef>

#include "catalog/cgroup_kind.h"
#include "cgroup/selection.h"
#include "cgroup/tree.h"
#include "network/interface_choice.h"
#include "oom/ledger.h"
#include "pressure/burst_counter.h"

namespace cgroup2::snapshot {

struct Settings {
  cgroup::Selection selection;
  cgroup::Filter filter;
  catalog::CgroupKindSet kinds;                   ///< that are exported; none: all
  std::size_t max_cgroups = 10'000;               ///< that are known and watched, below the root
  std::chrono::milliseconds peak_window{60'000};  ///< of the collector memory_recent_peak
  std::size_t max_peak_cgroups = 1'000;           ///< whose peaks are watched
  pressure::BurstSettings burst;                  ///< of the collector pressure_bursts
  std::size_t max_burst_cgroups = 200;            ///< whose bursts are counted
  bool skip_unpopulated = false;  ///< leaf cgroups without processes are not exported
  oom::Ledger::Bounds oom;
  network::TakesInterface takes_interface;  ///< without a function all are exported
  std::size_t max_networks = 1'024;         ///< network namespaces that are read
};

}  // namespace cgroup2::snapshot
