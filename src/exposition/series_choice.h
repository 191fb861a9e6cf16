// SPDX-License-Identifier: Apache-2.0
// SeriesChoice: which samples of a snapshot /metrics shows. A snapshot has more: what the page with
// cAdvisor's names needs, too.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "catalog/metric.h"
#include "cgroup/samples.h"
#include "cgroup/selection.h"
#include "snapshot/snapshot.h"

namespace cgroup2::exposition {

/// Chooses among the samples of one metric. Refers to the SeriesChoice.
class SampleChoice {
 public:
  SampleChoice() = default;
  /// `needed` has what a cgroup takes at least, by cgroup::CgroupIndex.
  SampleChoice(catalog::Lean lean, std::span<const catalog::Lean> needed)
      : is_whole_(false), lean_(lean), needed_(needed) {}

  /// Narrows the choice to keys: `leans` has that of each, by cgroup::LabelId; `place` is that of
  /// their label in a sample.
  void set_keys(std::vector<catalog::Lean> leans, std::size_t place) {
    keys_ = std::move(leans);
    place_ = place;
  }

  /// Says that nothing can be shown: of a collector that is not wanted, or of a metric that the set
  /// `lean` shows nowhere.
  [[nodiscard]] bool is_empty() const { return !is_whole_ && lean_ == catalog::Lean::nowhere; }

  [[nodiscard]] bool takes(cgroup::CgroupIndex cgroup) const {
    return is_whole_ || lean_ >= needed_[cgroup];
  }
  [[nodiscard]] bool takes(const cgroup::Sample& sample) const {
    if (is_whole_) return true;
    const catalog::Lean lean = keys_.empty() ? lean_ : keys_[sample.labels[place_]];
    return lean >= needed_[sample.cgroup];
  }

 private:
  bool is_whole_ = true;
  catalog::Lean lean_ = catalog::Lean::everywhere;
  std::span<const catalog::Lean> needed_;
  std::vector<catalog::Lean> keys_;
  std::size_t place_ = 0;
};

/// Refers to the snapshot.
class SeriesChoice {
 public:
  /// `wanted` narrows the choice to some collectors.
  SeriesChoice(const snapshot::Snapshot& snapshot, const cgroup::CollectorSet& wanted);

  /// Returns the choice among the samples of a metric, by its index in the catalog; an empty one if
  /// its collector is not wanted.
  [[nodiscard]] SampleChoice of(std::size_t metric) const;

 private:
  const snapshot::Snapshot& snapshot_;
  cgroup::CollectorSet wanted_;
  std::vector<catalog::Lean> needed_;  // by cgroup::CgroupIndex; empty if nothing is narrowed
};

}  // namespace cgroup2::exposition
