// SPDX-License-Identifier: Apache-2.0
// Decides which features of catalog/features.h the kernel of this host offers, so that a missing
// series can be explained.
#pragma once

#include <bitset>
#include <optional>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"

namespace cgroup2::cgroup {

struct FeatureState {
  std::string_view name;
  bool is_there;
};

/// Holds what the features are judged by.
struct FeatureEvidence {
  std::bitset<catalog::file_count> files;    ///< some cgroup's directory has one
  std::bitset<catalog::file_count> given;    ///< the kernel gave one when it was read
  std::bitset<catalog::file_count> refused;  ///< it was asked for one and does not support it
  /// The root's cgroup.controllers; nothing if it cannot be read.
  std::optional<std::string_view> controllers;
  /// Super options of the hierarchy's mount; nothing if they are not known.
  std::optional<std::string_view> mount_options;
};

/// Returns the features of which something is known, in the order of the catalog. Pure.
[[nodiscard]] std::vector<FeatureState> judge_features(const FeatureEvidence& evidence);

}  // namespace cgroup2::cgroup
