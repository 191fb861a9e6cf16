// SPDX-License-Identifier: Apache-2.0
// The samples of the ledger of OOM kills. Pure.
#pragma once

#include <string_view>

#include "oom/ledger.h"
#include "snapshot/snapshot.h"

namespace cgroup2::snapshot {

/// Whose limit it was, as the label `limit` says it.
[[nodiscard]] std::string_view limit_word(oom::Limit limit);

/// All samples for the exposition, labels escaped.
[[nodiscard]] LedgerSamples make_ledger_samples(const oom::Ledger::Content& content);

}  // namespace cgroup2::snapshot
