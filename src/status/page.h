// SPDX-License-Identifier: Apache-2.0
// Page: the status page at "/".
#pragma once

#include <string>
#include <string_view>

#include "status/page_context.h"
#include "status/view.h"

namespace cgroup2::status {

/// Renders the whole page. Pure: the time is in the context.
[[nodiscard]] std::string render_page(const PageContext& context, const View& view);

/// Renders the page while there is no snapshot.
[[nodiscard]] std::string render_waiting(const HostFacts& host);

}  // namespace cgroup2::status
