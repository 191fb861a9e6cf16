// SPDX-License-Identifier: Apache-2.0
// Ways: where the values of a file's keys and members go. Learnt as they are seen, so that the poll
// looks nothing up by name.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "catalog/metric.h"
#include "cgroup/labels.h"
#include "cgroup/samples.h"
#include "cgroup/selection.h"

namespace cgroup2::cgroup {

/// Where a value goes: into the column of a metric, or into an input.
struct Target {
  catalog::ValueSource source;
  std::optional<std::size_t> metric;
  std::optional<catalog::Input> input;
};

/// A target that takes a key or a member, and the label that this one gets there.
struct Way {
  const Target* target;
  LabelId label;
};

/// Belongs to the poller's thread. `labels` and the selection must outlive it.
class Ways {
 public:
  Ways(const Selection& selection, Labels& labels) : selection_(selection), labels_(labels) {}
  Ways(Ways&&) noexcept = default;  // a Way points to a Target, which stays where it is
  Ways(const Ways&) = delete;
  Ways& operator=(const Ways&) = delete;

  /// Adds a target; only before the first of().
  void add(const Target& target) { targets_.push_back(target); }

  [[nodiscard]] const std::vector<Target>& targets() const { return targets_; }

  /// The label of the key or member at that position of the file; nothing if there are too many
  /// labels.
  [[nodiscard]] std::optional<LabelId> intern_at(std::size_t position, std::string_view key);

  /// The ways of a key (flat keyed) or a member (nested keyed); nothing if a label of a way is one
  /// too many.
  [[nodiscard]] const std::vector<Way>* of(LabelId key);

  /// What kind of key of memory.stat a line is about.
  [[nodiscard]] catalog::KeyClass class_of(LabelId key);

 private:
  [[nodiscard]] bool takes(const Target& target, LabelId key);

  const Selection& selection_;
  Labels& labels_;
  std::vector<Target> targets_;
  // By the position of a key in the file: the label that stood there last time. Files keep their
  // order from cgroup to cgroup, so a comparison replaces the hash look-up.
  std::vector<LabelId> last_at_;
  std::vector<std::optional<std::vector<Way>>> ways_;      // by label
  std::vector<std::optional<catalog::KeyClass>> classes_;  // by label
};

}  // namespace cgroup2::cgroup
