// SPDX-License-Identifier: Apache-2.0
// Binds a file's keys and members to the metrics that take their values. Remembers each key once it
// was seen, so that the poll looks nothing up by name.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "catalog/metric.h"
#include "cgroup/label_table.h"
#include "cgroup/samples.h"
#include "cgroup/selection.h"

namespace cgroup2::cgroup {

/// Says where a value goes: into the column of a metric, or into an input.
struct Target {
  catalog::ValueSource source;
  std::optional<std::size_t> metric;
  std::optional<catalog::Input> input;
};

/// Binds a key or a member to a target that takes it, with the label that the sample gets there.
struct Binding {
  const Target* target;
  LabelId label;
};

/// Holds the bindings of one file. Belongs to the poller's thread. `labels` and the selection must
/// outlive it.
class Bindings {
 public:
  Bindings(const Selection& selection, LabelTable& labels)
      : selection_(selection), labels_(labels) {}
  Bindings(Bindings&&) noexcept = default;  // a Binding points to a Target, which stays where it is
  Bindings(const Bindings&) = delete;
  Bindings& operator=(const Bindings&) = delete;

  /// Adds a target; only before the first of().
  void add(const Target& target) { targets_.push_back(target); }

  [[nodiscard]] const std::vector<Target>& targets() const { return targets_; }

  /// Returns the label of the key or member at that position of the file; nothing if there are too
  /// many labels.
  [[nodiscard]] std::optional<LabelId> intern_at(std::size_t position, std::string_view key);

  /// Returns the bindings of a key (flat keyed) or a member (nested keyed); nullptr if a label of a
  /// binding is one too many.
  [[nodiscard]] const std::vector<Binding>* of(LabelId key);

  /// Returns the class of a key of memory.stat.
  [[nodiscard]] catalog::KeyClass class_of(LabelId key);

 private:
  [[nodiscard]] bool takes(const Target& target, LabelId key);

  const Selection& selection_;
  LabelTable& labels_;
  std::vector<Target> targets_;
  // By the position of a key in the file: the label that stood there last time. Files keep their
  // order from cgroup to cgroup, so a comparison replaces the hash look-up.
  std::vector<LabelId> last_at_;
  std::vector<std::optional<std::vector<Binding>>> bindings_;  // by label
  std::vector<std::optional<catalog::KeyClass>> classes_;      // by label
};

}  // namespace cgroup2::cgroup
