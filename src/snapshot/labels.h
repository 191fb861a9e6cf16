// SPDX-License-Identifier: Apache-2.0
// The label blocks of a cgroup: prepared once, when its identity becomes known or changes.
#pragma once

#include <memory>
#include <string_view>

#include "snapshot/snapshot.h"

namespace cgroup2::snapshot {

/// Prepares the labels of the cgroup at `path` (raw bytes). Empty labels are left out. container_id
/// is on every series of containers, virtual machines and jobs, and of the cgroups inside them;
/// what merely watches a container (conmon, lxc.monitor) has it on cgroup_info only. A container's
/// values include those of the cgroups inside it, so a query takes the maximum by container_id, not
/// the sum.
[[nodiscard]] std::shared_ptr<const Cgroup> make_cgroup(
    std::string_view path, std::shared_ptr<const identity::Identity> identity);

}  // namespace cgroup2::snapshot
