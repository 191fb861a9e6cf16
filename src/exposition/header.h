// SPDX-License-Identifier: Apache-2.0
// The lines above a family: HELP, TYPE and, in OpenMetrics, UNIT.
#pragma once

#include <string>
#include <string_view>

#include "exposition/format.h"

namespace cgroup2::exposition {

/// Appends them for samples called `name`. `type` is the word of OpenMetrics; text 0.0.4 knows no
/// info and calls unknown untyped.
void append_header(std::string& out, std::string_view name, std::string_view type,
                   std::string_view help, Format format);

}  // namespace cgroup2::exposition
