// SPDX-License-Identifier: Apache-2.0
// Overview: what the status page says of the host and the exporter, around its cgroups.
#pragma once

#include <string>

#include "machine/machine.h"
#include "status/html.h"
#include "status/page_context.h"

namespace cgroup2::status {

/// Returns the name of the host, or "this host".
[[nodiscard]] std::string title_of_host(const HostFacts& host);

/// Appends the name of the host and links: the inside of <header>.
void add_head(Html& html, const HostFacts& host);

/// Appends what is known of kernel, distribution, CPUs and memory: a line below the head.
void add_facts(Html& html, const machine::Machine& machine);

/// Appends the cards: the host, the number of cgroups, and what a poll and the exporter cost.
void add_cards(Html& html, const PageContext& context);

/// Appends the owners that had OOM kills, the last one first; nothing if there are none.
void add_kills(Html& html, const PageContext& context);

/// Appends how the collectors fared in the last poll.
void add_collectors(Html& html, const snapshot::Snapshot& snapshot);

}  // namespace cgroup2::status
