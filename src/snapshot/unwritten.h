// SPDX-License-Identifier: Apache-2.0
// Says since when the settings of a cgroup are what they are, as far as the watcher can tell.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "cgroup/tree.h"
#include "identity/identity.h"

namespace cgroup2::snapshot {

/// Fills `since`, by Node::index, with CgroupToRead::unwritten_since: what the watcher reported of
/// the cgroup and of its parent (`reported`, by Node::index, or empty), because a write to the
/// parent's cgroup.subtree_control makes the files of its children anew. Never for a cgroup whose
/// files a tenant may write in a way of which no watch is told.
void fill_unwritten_since(std::span<cgroup::Node* const> nodes,
                          std::span<const std::shared_ptr<const identity::Identity>> identities,
                          std::span<const std::uint64_t> reported,
                          std::vector<std::uint64_t>& since);

}  // namespace cgroup2::snapshot
