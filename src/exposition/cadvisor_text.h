// SPDX-License-Identifier: Apache-2.0
// The body of /metrics/cadvisor: a snapshot under cAdvisor's names.
#pragma once

#include <chrono>

#include "base/sink.h"
#include "cgroup/selection.h"
#include "exposition/cadvisor_blocks.h"
#include "snapshot/snapshot.h"

namespace cgroup2::exposition {

/// Hands over the families of catalog/cadvisor.h that have samples, in text 0.0.4: OpenMetrics
/// would give other names to some. `blocks` are of the snapshot; `now` is since 1970. `wanted`
/// narrows them to those of some collectors. Ends early when `sink` says so.
void write_cadvisor(const base::Sink& sink, const snapshot::Snapshot& snapshot,
                    const CadvisorBlocks& blocks, const cgroup::CollectorSet& wanted,
                    std::chrono::seconds now);

}  // namespace cgroup2::exposition
