// SPDX-License-Identifier: Apache-2.0
// Says whether a procfs is the host's, so that its first process is the host's and no container's.
#pragma once

#include "base/dir.h"

namespace cgroup2::identity {

/// Says whether process 1 of this procfs is the init of the host, or of a machine that contains the
/// exporter like one (LXC, nspawn, a node of kind). False in a container without the host's pid
/// namespace and procfs. Needs no right. Asked on a thread that Landlock does not restrict.
[[nodiscard]] bool has_hosts_init(const base::Dir& procfs);

}  // namespace cgroup2::identity
