// SPDX-License-Identifier: Apache-2.0
#include "exposition/label_blocks.h"

#include <cstddef>
#include <unordered_map>

namespace cgroup2::exposition {

LabelBlocks::LabelBlocks(OfCgroups of_cgroups) : of_cgroups_(std::move(of_cgroups)) {
  on_series_.reserve(of_cgroups_.size());
  for (const auto& labels : of_cgroups_) on_series_.emplace_back(labels->on_series);
}

void PreparedLabels::set_on_series(const catalog::IdentityLabelSet& on_series) {
  const std::lock_guard lock(mutex_);
  plan_.on_series = on_series;
  forget();
}

std::shared_ptr<const LabelBlocks> PreparedLabels::of(const snapshot::Snapshot& snapshot) {
  const std::lock_guard lock(mutex_);
  if (runtime_labels_ != *snapshot.runtime_labels) {
    runtime_labels_ = *snapshot.runtime_labels;
    plan_.runtime = runtime_label_names(runtime_labels_);
    forget();
  }
  // The snapshots share the object of a cgroup while neither its path nor its identity changes.
  if (cgroups_ == snapshot.cgroups) return blocks_;
  std::unordered_map<const snapshot::Cgroup*, std::shared_ptr<const CgroupLabels>> known;
  for (std::size_t i = 0; i < cgroups_.size(); ++i)
    known.emplace(cgroups_[i].get(), blocks_->of_cgroups()[i]);
  LabelBlocks::OfCgroups of_cgroups;
  of_cgroups.reserve(snapshot.cgroups.size());
  for (const auto& cgroup : snapshot.cgroups) {
    const auto at = known.find(cgroup.get());
    of_cgroups.push_back(at != known.end()
                             ? at->second
                             : std::make_shared<const CgroupLabels>(make_labels(*cgroup, plan_)));
  }
  cgroups_ = snapshot.cgroups;
  blocks_ = std::make_shared<const LabelBlocks>(std::move(of_cgroups));
  return blocks_;
}

void PreparedLabels::forget() {
  cgroups_.clear();
  blocks_ = std::make_shared<const LabelBlocks>();
}

}  // namespace cgroup2::exposition
