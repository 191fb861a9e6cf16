// SPDX-License-Identifier: Apache-2.0
// Page: the status page at "/".
#pragma once

#include <string>
#include <string_view>

#include "status/moment.h"
#include "status/view.h"

namespace cgroup2::status {

/// The whole page. Pure but for the clock of the moment.
[[nodiscard]] std::string render_page(const Moment& moment, const View& view);

/// The page while there is no snapshot.
[[nodiscard]] std::string render_waiting(const Host& host);

}  // namespace cgroup2::status
