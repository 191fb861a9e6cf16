// SPDX-License-Identifier: Apache-2.0
// The include and exclude patterns as a filter on the paths of cgroups and the names of interfaces.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace cgroup2::app {

/// A name is selected if the whole of it matches `include` and not `exclude` (an empty one excludes
/// nothing). Throws what config::make_matcher throws.
[[nodiscard]] std::function<bool(std::string_view name)> make_filter(const std::string& include,
                                                                     const std::string& exclude);

}  // namespace cgroup2::app
