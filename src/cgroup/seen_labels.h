// SPDX-License-Identifier: Apache-2.0
// Remembers which labels a file or a line had already.
#pragma once

#include <cstdint>
#include <vector>

#include "cgroup/samples.h"

namespace cgroup2::cgroup {

/// Holds the labels that were seen since clear(), which takes no time.
class SeenLabels {
 public:
  void clear() { ++round_; }

  /// Adds a label. Returns whether it is the first time since clear().
  [[nodiscard]] bool insert(LabelId label) {
    if (label >= seen_in_.size()) seen_in_.resize(label + 1, 0);
    if (seen_in_[label] == round_) return false;
    seen_in_[label] = round_;
    return true;
  }

 private:
  std::vector<std::uint64_t> seen_in_;  // the round in which it was seen last
  std::uint64_t round_ = 1;
};

}  // namespace cgroup2::cgroup
