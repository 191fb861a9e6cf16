// SPDX-License-Identifier: Apache-2.0
// Overview: what the status page says of the host and the exporter, around its cgroups.
#pragma once

#include <string>

#include "status/html.h"
#include "status/page_context.h"

namespace cgroup2::status {

/// Its name, or "this host".
[[nodiscard]] std::string title_of_host(const HostFacts& host);

/// Name, kernel, links: the inside of <header>.
void add_head(Html& html, const HostFacts& host);

/// The host, the number of cgroups, and what a poll and the exporter cost.
void add_cards(Html& html, const PageContext& context);

/// The owners that had OOM kills, the last one first; nothing if there are none.
void add_kills(Html& html, const PageContext& context);

/// How the collectors fared in the last poll.
void add_collectors(Html& html, const snapshot::Snapshot& snapshot);

}  // namespace cgroup2::status
