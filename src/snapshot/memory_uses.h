// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "oom/last_uses.h"
#include "snapshot/snapshot.h"

namespace cgroup2::snapshot {

/// Fills `uses` with what a poll has read of the memory of each cgroup. Pure; keeps the capacity.
void fill_memory_uses(const Snapshot& snapshot, std::vector<oom::MemoryUse>& uses);

}  // namespace cgroup2::snapshot
