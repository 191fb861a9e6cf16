// SPDX-License-Identifier: Apache-2.0
// Kills: what the pages look up in the ledger of OOM kills. Pure.
#pragma once

#include <cstdint>
#include <vector>

#include "oom/ledger_content.h"

namespace cgroup2::status {

/// An owner with what the ledger has of it.
using Kills = decltype(oom::LedgerContent::owners)::value_type;

/// Finds what the ledger has of an owner; nullptr for one that had no kills.
[[nodiscard]] const oom::LedgerEntry* find_kills(const oom::LedgerContent& ledger,
                                                 const oom::Owner& owner);

/// Lists the owners that had kills, the last kill first; those of which no time is known last.
/// Refers to the ledger.
[[nodiscard]] std::vector<const Kills*> newest_first(const oom::LedgerContent& ledger);

/// Counts the kills of which the owner is not known, below a cgroup or forgotten.
[[nodiscard]] std::uint64_t kills_without_owner(const oom::LedgerContent& ledger);

}  // namespace cgroup2::status
