// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>

#include "cgroup/samples.h"
#include "cgroup/tree.h"
#include "snapshot/cgroup.h"

namespace cgroup2::snapshot {

/// The cgroups of a poll, all by Node::index.
struct PolledCgroups {
  std::span<cgroup::Node* const> nodes;                    ///< parents before children
  std::span<const std::shared_ptr<const Cgroup>> cgroups;  ///< what they are
  std::span<const cgroup::CgroupIndex> indices;            ///< of the exported ones, or no_cgroup
};

}  // namespace cgroup2::snapshot
