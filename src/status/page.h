// SPDX-License-Identifier: Apache-2.0
// Page: the status page at "/".
#pragma once

#include <string>

#include "base/sink.h"
#include "status/page_context.h"
#include "status/view.h"

namespace cgroup2::status {

/// Writes the page in pieces. Pure: the time is in the context.
void write_page(const base::Sink& sink, const PageContext& context, const View& view);

/// Renders the page while there is no snapshot.
[[nodiscard]] std::string render_waiting(const HostFacts& host);

}  // namespace cgroup2::status
