// SPDX-License-Identifier: Apache-2.0
#include "snapshot/memory_uses.h"

#include <cstddef>

#include "catalog/catalog.h"

namespace cgroup2::snapshot {
namespace {

constexpr std::size_t usage = catalog::metric_where([](const catalog::ValueSource& source) {
  return source.file == "memory.current" && source.select == catalog::Select::value;
});
constexpr std::size_t recent_peak = catalog::metric_where([](const catalog::ValueSource& source) {
  return source.select == catalog::Select::recent_peak && source.peak == catalog::PeakValue::memory;
});

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
