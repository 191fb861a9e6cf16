// SPDX-License-Identifier: Apache-2.0
//
// The kernel numbers cgroups in the order in which they are made (kernfs, idr_alloc_cyclic with an
// upper half that counts its rounds). So the highest number that was counted tells an exporter that
// is started again which containers began meanwhile.
#include "oom/start_counts.h"

#include <algorithm>

namespace cgroup2::oom {

bool StartCounts::decide(std::uint64_t id, const Owner& owner, ContainerStart start,
                         Ledger& ledger) {
  if (id <= counted_until_ || start == ContainerStart::none) return true;
  if (start == ContainerStart::open) return false;
  ledger.add_start(owner);
  newest_ = std::max(newest_, id);
  has_unsaved_ = true;
  return true;
}

// A start that is lost because the exporter was killed is less than a kill, and containers may
// start all the time: the file is written seldom for them.
bool StartCounts::is_due(std::chrono::nanoseconds since_saved) const {
  constexpr std::chrono::seconds between_saves{10};
  return has_unsaved_ && since_saved >= between_saves;
}

}  // namespace cgroup2::oom
