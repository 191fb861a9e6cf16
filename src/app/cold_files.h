// SPDX-License-Identifier: Apache-2.0
// The exporter's own metric of files that changed though no event told it.
#pragma once

#include <vector>

#include "cgroup/kept_values.h"
#include "exposition/family.h"

namespace cgroup2::app {

/// Appends cgroup_exporter_cold_file_misses_total. A file without a miss has no series; without
/// any there is no family.
void append_cold_file_misses(const cgroup::ColdFileMisses& misses,
                             std::vector<exposition::Family>& families);

}  // namespace cgroup2::app
