// SPDX-License-Identifier: Apache-2.0
// The include and exclude patterns as a filter on cgroup paths.
#pragma once

#include "cgroup/tree.h"
#include "config/config.h"

namespace cgroup2::app {

/// A path is selected if the whole of it matches `include` and not `exclude` (an empty one excludes
/// nothing). Throws what config::make_matcher throws.
[[nodiscard]] cgroup::Filter make_filter(const config::Config::CgroupChoice& settings);

}  // namespace cgroup2::app
