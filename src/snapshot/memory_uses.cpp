// SPDX-License-Identifier: Apache-2.0
#include "snapshot/memory_uses.h"

#include <algorithm>
#include <cstddef>

#include "catalog/catalog.h"

namespace cgroup2::snapshot {
namespace {

template <class IsWanted>
constexpr std::size_t find_column(IsWanted&& is_wanted) {
  const auto at = std::ranges::find_if(
      catalog::metrics, [&](const catalog::Metric& metric) { return is_wanted(metric.source); });
  return static_cast<std::size_t>(at - catalog::metrics.begin());
}

constexpr std::size_t usage = find_column([](const catalog::ValueSource& source) {
  return source.file == "memory.current" && source.select == catalog::Select::value;
});
constexpr std::size_t recent_peak = find_column([](const catalog::ValueSource& source) {
  return source.select == catalog::Select::recent_peak && source.peak == catalog::PeakValue::memory;
});
static_assert(usage < catalog::metric_count && recent_peak < catalog::metric_count);

}  // namespace

void fill_memory_uses(const Snapshot& snapshot, std::vector<oom::MemoryUse>& uses) {
  uses.clear();
  for (const auto& cgroup : snapshot.cgroups) uses.push_back({.id = cgroup->id});
  for (const auto& sample : snapshot.samples.columns[usage])
    uses[sample.cgroup].usage = sample.bits;
  for (const auto& sample : snapshot.samples.columns[recent_peak])
    uses[sample.cgroup].recent_peak = sample.bits;
}

}  // namespace cgroup2::snapshot
