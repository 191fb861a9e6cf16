// SPDX-License-Identifier: Apache-2.0
// Who in the ledger of OOM kills a cgroup belongs to.
#pragma once

#include <string_view>

#include "identity/resolver.h"
#include "oom/ledger_content.h"

namespace cgroup2::snapshot {

/// Who a cgroup's kills are charged to: its container in its pod, its container, its unit, its
/// path; and to the user who made it.
[[nodiscard]] oom::Owner owner_of(const identity::Identity& identity, std::string_view path);

}  // namespace cgroup2::snapshot
