// SPDX-License-Identifier: Apache-2.0
// Style: how the pages look. Everything is in one sheet inside the page, so that nothing else has
// to be loaded.
#pragma once

#include <string_view>

#include "status/html.h"

namespace cgroup2::status {

/// The content of the <style> element.
[[nodiscard]] Markup style_sheet();

/// The header Content-Security-Policy of the pages: that sheet and nothing else. No script runs,
/// nothing is loaded, forms lead back here, and no other site can frame it.
[[nodiscard]] std::string_view content_security_policy();

}  // namespace cgroup2::status
