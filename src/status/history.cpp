// SPDX-License-Identifier: Apache-2.0
#include "status/history.h"

#include <cstddef>
#include <unordered_map>
#include <utility>

namespace cgroup2::status {

void History::note(const snapshot::Snapshot& snapshot) {
  {
    const std::lock_guard lock(mutex_);
    // With more frequent polls the readings stay a window apart, so that one of them is old enough.
    if (newer_ && snapshot.begun - newer_->begun < min_window) return;
  }
  auto reading = std::make_shared<Reading>();
  reading->begun = snapshot.begun;
  reading->ids.reserve(snapshot.cgroups.size());
  for (const auto& cgroup : snapshot.cgroups) reading->ids.push_back(cgroup->id);
  for (std::size_t i = 0; i < counter_count; ++i)
    reading->columns[i] = snapshot.samples.columns[metric_of(i)];
  const std::lock_guard lock(mutex_);
  older_ = std::exchange(newer_, std::move(reading));
}

std::shared_ptr<const History::Reading> History::find_before(base::TimePoint begun) const {
  const std::lock_guard lock(mutex_);
  for (const auto& reading : {newer_, older_}) {
    if (reading && begun - reading->begun >= min_window) return reading;
  }
  return nullptr;
}

CounterRates History::rates(const snapshot::Snapshot& snapshot) const {
  CounterRates rates;
  rates.per_second.resize(snapshot.cgroups.size());
  const auto before = find_before(snapshot.begun);
  if (!before) return rates;
  rates.window = snapshot.begun - before->begun;
  const double seconds = std::chrono::duration<double>(*rates.window).count();

  std::unordered_map<std::uint64_t, std::size_t> now_of;
  now_of.reserve(snapshot.cgroups.size());
  for (std::size_t i = 0; i < snapshot.cgroups.size(); ++i)
    now_of.emplace(snapshot.cgroups[i]->id, i);
  std::vector<std::size_t> now_of_then(before->ids.size(), snapshot.cgroups.size());
  for (std::size_t i = 0; i < before->ids.size(); ++i) {
    const auto now = now_of.find(before->ids[i]);
    if (now != now_of.end()) now_of_then[i] = now->second;
  }

  std::vector<std::optional<double>> then(snapshot.cgroups.size());
  for (std::size_t i = 0; i < counter_count; ++i) {
    const std::size_t metric = metric_of(i);
    const catalog::Unit unit = catalog::metrics[metric].unit;
    then.assign(snapshot.cgroups.size(), std::nullopt);
    for (const cgroup::Sample& sample : before->columns[i]) {
      const std::size_t now = now_of_then[sample.cgroup];
      if (now < then.size()) then[now] = to_base_unit(sample, unit);
    }
    for (const cgroup::Sample& sample : snapshot.samples.columns[metric]) {
      if (sample.cgroup >= then.size() || !then[sample.cgroup]) continue;
      const double rise = to_base_unit(sample, unit) - *then[sample.cgroup];
      if (rise >= 0) rates.per_second[sample.cgroup].set(i, rise / seconds);
    }
  }
  return rates;
}

}  // namespace cgroup2::status
