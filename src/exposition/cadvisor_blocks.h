// SPDX-License-Identifier: Apache-2.0
// CadvisorBlocks: the labels of a snapshot's cgroups as cAdvisor writes them, prepared once for all
// samples and scrapes.
#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "exposition/cadvisor_labels.h"
#include "snapshot/snapshot.h"

namespace cgroup2::exposition {

/// By cgroup::CgroupIndex. Const once it is made.
using CadvisorBlocks = std::vector<std::shared_ptr<const CadvisorLabels>>;

/// Makes them, and keeps those of the cgroups that the last snapshot had. Any thread.
class PreparedCadvisor {
 public:
  /// Those of a snapshot; the same object as in the last call for the profile if the cgroups are
  /// the same.
  [[nodiscard]] std::shared_ptr<const CadvisorBlocks> of(const snapshot::Snapshot& snapshot,
                                                         CadvisorProfile profile);

 private:
  struct OfProfile {
    std::vector<std::string> runtime_labels;
    std::vector<std::shared_ptr<const snapshot::Cgroup>> cgroups;  // of blocks
    std::shared_ptr<const CadvisorBlocks> blocks = std::make_shared<const CadvisorBlocks>();
  };

  std::mutex mutex_;  // guards the following
  std::array<OfProfile, cadvisor_profile_count> of_profiles_;
};

}  // namespace cgroup2::exposition
