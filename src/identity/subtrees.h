// SPDX-License-Identifier: Apache-2.0
// Subtrees: finds out whose share of a bound a cgroup takes: a user's, a workload's or a service's.
#pragma once

#include <string_view>

#include "base/subtree.h"

namespace cgroup2::identity {

/// Returns the subtree of the cgroup with this path below the mount ("/" for the root), raw bytes.
/// Pure.
///
/// Goes from the root down. A user's slice, a pod and every other workload decide for everything
/// below them, and so does a service or scope: its processes may make directories of any name, so
/// none of these makes a workload. Slices and other directories are made by root: they are passed,
/// and belong to the unit that they are or to the top-level directory.
[[nodiscard]] base::Subtree subtree_of(std::string_view path);

/// The same for a cgroup whose parent's subtree is known. Costs nothing below a closed subtree.
[[nodiscard]] base::Subtree subtree_of_child(const base::Subtree& parent, std::string_view path);

}  // namespace cgroup2::identity
