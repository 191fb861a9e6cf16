// SPDX-License-Identifier: Apache-2.0
// Who in the ledger of OOM kills a cgroup belongs to.
#pragma once

#include "base/shared_text.h"
#include "identity/resolver.h"
#include "oom/ledger_content.h"

namespace cgroup2::snapshot {

/// Makes a label value of a text, and shares its memory where it is one already.
[[nodiscard]] base::SharedText to_shared_label(const base::SharedText& text);

/// Who a cgroup's kills are charged to, the finest that is known: its container in its pod, its
/// container, its job, the unit of the user's systemd, the unit of the host's, its path; and to the
/// user who made it. A machine or a container without a name is its own unit or, below a unit with
/// others, its path. While a pod's container has no name yet, its unit or path is added.
[[nodiscard]] oom::Owner owner_of(const identity::Identity& identity, const base::SharedText& path);

}  // namespace cgroup2::snapshot
