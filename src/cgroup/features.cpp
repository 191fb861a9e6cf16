// SPDX-License-Identifier: Apache-2.0
#include "cgroup/features.h"

#include "base/text.h"
#include "catalog/features.h"

namespace cgroup2::cgroup {
namespace {

// Returns nothing for a file that may be there and be refused while nobody has read it.
std::optional<bool> judge_file(std::size_t file, const FeatureEvidence& evidence) {
  if (!evidence.files.test(file)) return false;
  if (!catalog::files[file].may_be_refused || evidence.given.test(file)) return true;
  return evidence.refused.test(file) ? std::optional(false) : std::nullopt;
}

std::optional<bool> judge(const catalog::Feature& feature, const FeatureEvidence& evidence) {
  switch (feature.probe) {
    case catalog::Feature::Probe::file:
      if (!evidence.files.test(catalog::file_index(feature.beside))) return std::nullopt;
      return judge_file(catalog::file_index(feature.what), evidence);
    case catalog::Feature::Probe::controller:
      if (!evidence.controllers) return std::nullopt;
      return base::has_word(*evidence.controllers, feature.what, " \n");
    case catalog::Feature::Probe::mount_option:
      if (!evidence.mount_options) return std::nullopt;
      return base::has_word(*evidence.mount_options, feature.what, ",");
  }
  return std::nullopt;
}

}  // namespace

std::vector<FeatureState> judge_features(const FeatureEvidence& evidence) {
  std::vector<FeatureState> states;
  for (const catalog::Feature& feature : catalog::features) {
    const auto is_there = judge(feature, evidence);
    if (is_there) states.push_back({feature.name, *is_there});
  }
  return states;
}

}  // namespace cgroup2::cgroup
