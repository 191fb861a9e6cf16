// SPDX-License-Identifier: Apache-2.0
// The kinds of a cgroup, by which cgroups are chosen.
#pragma once

#include <string_view>

#include "catalog/cgroup_kind.h"
#include "identity/identity.h"

namespace cgroup2::snapshot {

/// Returns the kinds of the cgroup at a path: one, or `machine` as well. A cgroup inside of another
/// is `inside`, whatever that one is. Pure.
[[nodiscard]] catalog::CgroupKindSet kinds_of(const identity::Identity& identity,
                                              std::string_view path);

}  // namespace cgroup2::snapshot
