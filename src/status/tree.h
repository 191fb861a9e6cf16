// SPDX-License-Identifier: Apache-2.0
// Tree: the hierarchy as nested lists that open and close without a script.
#pragma once

#include "status/html.h"
#include "status/page_context.h"
#include "status/view.h"

namespace cgroup2::status {

/// Levels below the root that are open at first; with a filter all are.
inline constexpr std::size_t open_levels = 2;

/// Deeper levels are shown as if they were this deep: a browser draws every one inside another.
inline constexpr std::size_t max_level = 64;

/// Appends all cgroups, or those that match the filter of the view and what is above them; the
/// first max_rows of them.
void add_tree(Html& html, const PageContext& context, const View& view);

}  // namespace cgroup2::status
