// SPDX-License-Identifier: Apache-2.0
// Frame: what is around every page.
#pragma once

#include <string_view>

#include "status/html.h"

namespace cgroup2::status {

/// Appends everything up to the inside of <header>. `title` is text; the page asks for itself again
/// after so many seconds unless that is 0.
void begin_page(Html& html, std::string_view title, unsigned refresh_seconds);

/// Appends what leads from the inside of <header> to the inside of <main>.
void begin_main(Html& html);

/// Appends what follows the inside of <main>.
void end_page(Html& html, std::string_view version);

}  // namespace cgroup2::status
