// SPDX-License-Identifier: Apache-2.0
// LabelBlocks: the labels of a snapshot's cgroups, prepared once for all its samples and scrapes.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalog/identity_label.h"
#include "exposition/labels.h"
#include "snapshot/snapshot.h"

namespace cgroup2::exposition {

/// Const once it is made.
class LabelBlocks {
 public:
  using OfCgroups = std::vector<std::shared_ptr<const CgroupLabels>>;

  explicit LabelBlocks(OfCgroups of_cgroups = {});
  LabelBlocks(const LabelBlocks&) = delete;
  LabelBlocks& operator=(const LabelBlocks&) = delete;

  /// By cgroup::CgroupIndex.
  [[nodiscard]] const OfCgroups& of_cgroups() const { return of_cgroups_; }
  /// CgroupLabels::on_series of the same.
  [[nodiscard]] std::span<const std::string_view> on_series() const { return on_series_; }

 private:
  OfCgroups of_cgroups_;
  std::vector<std::string_view> on_series_;
};

/// Makes them, and keeps those of the cgroups that the last snapshot had. Any thread.
class PreparedLabels {
 public:
  explicit PreparedLabels(const catalog::IdentityLabelSet& on_series = default_labels_on_series()) {
    plan_.on_series = on_series;
  }

  /// Puts other labels on every series from the next call of of() on.
  void set_on_series(const catalog::IdentityLabelSet& on_series);

  /// Those of a snapshot; the same object as in the last call if the cgroups are the same.
  [[nodiscard]] std::shared_ptr<const LabelBlocks> of(const snapshot::Snapshot& snapshot);

 private:
  void forget();

  std::mutex mutex_;  // guards the following
  LabelPlan plan_;
  std::vector<std::string> runtime_labels_;                         // that plan_.runtime names
  std::vector<std::shared_ptr<const snapshot::Cgroup>> cgroups_{};  // of blocks_
  std::shared_ptr<const LabelBlocks> blocks_ = std::make_shared<const LabelBlocks>();
};

}  // namespace cgroup2::exposition
