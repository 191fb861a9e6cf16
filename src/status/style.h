// SPDX-License-Identifier: Apache-2.0
// Style: how the pages look: style.css, which stands in each page, so that nothing else has to be
// loaded. The build makes a header of it (cmake/style_sheet.cmake).
#pragma once

#include <string_view>

#include "status/html.h"

namespace cgroup2::status {

/// Returns the content of the <style> element.
[[nodiscard]] Markup style_sheet();

/// Returns the header Content-Security-Policy of the pages: that sheet and nothing else. No script
/// runs, nothing is loaded, forms lead back here, and no other site can frame it.
[[nodiscard]] std::string_view content_security_policy();

}  // namespace cgroup2::status
