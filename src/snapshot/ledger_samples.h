// SPDX-License-Identifier: Apache-2.0
// The samples of the ledger of OOM kills. Pure.
#pragma once

#include "oom/ledger_content.h"
#include "snapshot/snapshot.h"

namespace cgroup2::snapshot {

/// All samples for the exposition, labels escaped.
[[nodiscard]] LedgerSamples make_ledger_samples(const oom::LedgerContent& content);

}  // namespace cgroup2::snapshot
