// SPDX-License-Identifier: Apache-2.0
// The include and exclude patterns as a filter on cgroup paths.
#pragma once

#include "cgroup/tree.h"
#include "config/config.h"

namespace cgroup2::app {

/// A path is selected if the whole of it matches `include` and not `exclude` (an empty one excludes
/// nothing). RE2 in Latin-1, so that paths that are not UTF-8 match byte by byte. The patterns were
/// checked when the configuration was loaded.
[[nodiscard]] cgroup::Filter make_filter(const config::Config::Cgroup& settings);

}  // namespace cgroup2::app
