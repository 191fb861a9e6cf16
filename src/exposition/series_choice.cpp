// SPDX-License-Identifier: Apache-2.0
#include "exposition/series_choice.h"

#include <utility>

#include "catalog/catalog.h"
#include "catalog/lean.h"

namespace cgroup2::exposition {

using catalog::Lean;

SeriesChoice::SeriesChoice(const snapshot::Snapshot& snapshot, const cgroup::CollectorSet& wanted)
    : snapshot_(snapshot), wanted_(wanted & snapshot.enabled) {
  if (snapshot.narrowed.none()) return;
  needed_.reserve(snapshot.cgroups.size());
  for (const auto& cgroup : snapshot.cgroups) {
    const bool is_whole =
        cgroup->identity && identity::is_whole_workload(cgroup->identity->workload);
    needed_.push_back(is_whole ? Lean::workloads : Lean::parents);
  }
}

SampleChoice SeriesChoice::of(std::size_t metric) const {
  const catalog::Metric& row = catalog::metrics[metric];
  if (row.collector && !wanted_.test(index(*row.collector))) return {Lean::nowhere, {}};
  if (!snapshot_.narrowed.test(metric)) return {};
  SampleChoice choice(row.lean, needed_);
  if (row.lean_keys.empty() || choice.is_empty()) return choice;
  std::vector<Lean> keys;
  keys.reserve(snapshot_.labels->size());
  for (const std::string& label : *snapshot_.labels) keys.push_back(lean_of(row, label));
  choice.set_keys(std::move(keys), catalog::label_names(row)[1].empty() ? 0 : 1);
  return choice;
}

}  // namespace cgroup2::exposition
