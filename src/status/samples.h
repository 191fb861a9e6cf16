// SPDX-License-Identifier: Apache-2.0
// Samples: all series of one cgroup as the exposition has them, by collector.
#pragma once

#include "cgroup/samples.h"
#include "snapshot/snapshot.h"
#include "status/html.h"

namespace cgroup2::status {

void add_samples(Html& html, const snapshot::Snapshot& snapshot, cgroup::CgroupIndex cgroup);

}  // namespace cgroup2::status
