// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/dir.h"

namespace cgroup2::cgroup {

/// Reads cgroup.controllers of the root: which controllers the hierarchy has. Nothing if it cannot
/// be read.
///   cpuset cpu io memory hugetlb pids rdma misc
[[nodiscard]] std::optional<std::string> read_controllers(const base::Dir& root);

}  // namespace cgroup2::cgroup
