// SPDX-License-Identifier: Apache-2.0
// Origin: whose a cgroup is, who said so, and who shares its namespaces.
#pragma once

#include "status/html.h"
#include "status/page_context.h"

namespace cgroup2::status {

/// Appends the labels of cgroup_info with who named it.
void add_identity(Html& html, const snapshot::Snapshot& snapshot, const snapshot::Cgroup& cgroup);

/// Appends the inodes of its namespaces, and how many cgroups share each.
void add_namespaces(Html& html, const snapshot::Snapshot& snapshot, const snapshot::Cgroup& cgroup);

}  // namespace cgroup2::status
