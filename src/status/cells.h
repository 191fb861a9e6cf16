// SPDX-License-Identifier: Apache-2.0
// Cells: what table, tree and the page of a cgroup show in the same way.
#pragma once

#include <optional>

#include "status/html.h"
#include "status/page_context.h"
#include "status/rows.h"

namespace cgroup2::status {

/// From this share of the limit on, memory that cannot be reclaimed is marked: the next step is an
/// OOM kill.
inline constexpr double hot_share = 0.9;

/// Appends the bar of memory: what cannot be reclaimed, then what can, in a track that is the limit
/// long. Nothing without a limit. Says nothing to screen readers: its text is beside it.
void add_bar(Html& html, std::optional<double> usage, std::optional<double> unreclaimable,
             std::optional<double> limit);
void add_bar(Html& html, const Values& values);

/// Appends "182 MiB of 256 MiB"; nothing if no usage is known.
void add_memory(Html& html, const Values& values);

/// Appends what the parts of the bar are, as a list.
void add_legend(Html& html);

/// Appends the name, as a link to the page of the cgroup, and its context.
void add_name(Html& html, const Row& row);

/// Appends "java (4711), 3 min ago", as far as it is known; nothing without kills.
void add_last_kill(Html& html, const oom::LedgerEntry& kills, std::chrono::milliseconds since_1970);

/// Appends the owner of kills: "shop / web-1 / app" with what it is.
void add_owner(Html& html, const oom::Owner& owner);

/// Appends "rose from 12.0 MiB to the limit within 4 s". It must be known.
void add_rise(Html& html, const oom::LastRise& rise);

}  // namespace cgroup2::status
