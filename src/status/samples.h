// SPDX-License-Identifier: Apache-2.0
// Samples: all series of one cgroup as the exposition has them, by collector.
#pragma once

#include <cstddef>

#include "snapshot/snapshot.h"
#include "status/html.h"

namespace cgroup2::status {

void add_samples(Html& html, const snapshot::Snapshot& snapshot, std::size_t owner);

}  // namespace cgroup2::status
