// SPDX-License-Identifier: Apache-2.0
#include "exposition/cadvisor_blocks.h"

#include <cstddef>
#include <unordered_map>
#include <utility>

#include "exposition/labels.h"

namespace cgroup2::exposition {

std::shared_ptr<const CadvisorBlocks> PreparedCadvisor::of(const snapshot::Snapshot& snapshot,
                                                           CadvisorProfile profile) {
  const std::lock_guard lock(mutex_);
  OfProfile& kept = of_profiles_.at(static_cast<std::size_t>(profile));
  const bool is_same = kept.runtime_labels == *snapshot.runtime_labels;
  // The snapshots share the object of a cgroup while neither its path nor its identity changes.
  if (is_same && kept.cgroups == snapshot.cgroups) return kept.blocks;
  std::unordered_map<const snapshot::Cgroup*, std::shared_ptr<const CadvisorLabels>> known;
  for (std::size_t i = 0; is_same && i < kept.cgroups.size(); ++i)
    known.emplace(kept.cgroups[i].get(), kept.blocks->at(i));
  const auto runtime = runtime_label_names(*snapshot.runtime_labels);
  CadvisorBlocks blocks;
  blocks.reserve(snapshot.cgroups.size());
  for (const auto& cgroup : snapshot.cgroups) {
    const auto at = known.find(cgroup.get());
    blocks.push_back(at != known.end() ? at->second
                                       : std::make_shared<const CadvisorLabels>(
                                             make_cadvisor_labels(*cgroup, profile, runtime)));
  }
  kept = {*snapshot.runtime_labels, snapshot.cgroups,
          std::make_shared<const CadvisorBlocks>(std::move(blocks))};
  return kept.blocks;
}

}  // namespace cgroup2::exposition
