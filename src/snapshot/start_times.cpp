// SPDX-License-Identifier: Apache-2.0
#include "snapshot/start_times.h"

#include <unistd.h>

#include <cstddef>
#include <optional>

#include "catalog/catalog.h"

namespace cgroup2::snapshot {
namespace {

constexpr std::size_t metric = catalog::metric_where([](const catalog::ValueSource& source) {
  return source.select == catalog::Select::first_start;
});
static_assert(catalog::metrics[metric].unit == catalog::Unit::milliseconds);

}  // namespace

void StartTimes::fill(Snapshot& snapshot) {
  if (!snapshot.enabled.test(index(*catalog::metrics[metric].collector))) return;
  constexpr std::uint64_t ms_per_second = 1000;
  static const auto ticks_per_second = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  auto& column = snapshot.samples.columns[metric];
  column.reserve(snapshot.cgroups.size());
  std::optional<std::uint64_t> boot_ms;
  for (std::size_t i = 0; i < snapshot.cgroups.size(); ++i) {
    const auto& start = snapshot.cgroups[i]->identity->first_start;
    if (!start) continue;
    if (!boot_ms) {
      const auto boot = boot_.since_1970();
      if (!boot) return;
      boot_ms = static_cast<std::uint64_t>(boot->count()) * ms_per_second;
    }
    const std::uint64_t after_boot = *start * ms_per_second / ticks_per_second;
    column.push_back(
        {static_cast<cgroup::CgroupIndex>(i), cgroup::no_labels, *boot_ms + after_boot});
  }
}

}  // namespace cgroup2::snapshot
