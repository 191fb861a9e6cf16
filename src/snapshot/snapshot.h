// SPDX-License-Identifier: Apache-2.0
// Snapshot: one moment of all cgroups. Built by one thread, const and shared afterwards.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cgroup/features.h"
#include "cgroup/reader.h"
#include "cgroup/samples.h"
#include "identity/resolver.h"

namespace cgroup2::snapshot {

/// An exported cgroup, with the labels of its series prepared: escaped, joined by commas, without
/// braces.
struct Cgroup {
  std::string path;  ///< below the mount, as a label value (base::to_label)
  std::shared_ptr<const identity::Identity> identity;
  std::string labels;            ///< on every series: cgroup="/a",container_id="…"
  std::string identity_labels;   ///< more on cgroup_info, with a leading comma
  std::string namespace_labels;  ///< more on cgroup_namespace_info, with a leading comma; empty if
                                 ///< nothing is known
};

struct Snapshot {
  std::chrono::steady_clock::time_point begun;  ///< when the poll began: the values are no older
  std::chrono::nanoseconds duration{0};         ///< how long the poll took
  std::vector<std::shared_ptr<const Cgroup>> cgroups;  ///< by cgroup::Owner
  cgroup::Columns samples;
  std::shared_ptr<const std::vector<std::string>> labels;  ///< by cgroup::LabelId, escaped
  cgroup::CollectorSet enabled;
  cgroup::Outcomes outcomes{};
  std::vector<cgroup::FeatureState> features;
  std::size_t excluded = 0;  ///< cgroups that the filter left out
  std::size_t dropped = 0;   ///< cgroups beyond the bound
  /// By file and reason, since the start.
  std::map<std::pair<std::string, std::string>, std::uint64_t> read_errors;
  identity::LookupCounts lookups;  ///< since the start
};

}  // namespace cgroup2::snapshot
