// SPDX-License-Identifier: Apache-2.0
// The page at "/": what this is and where the metrics are.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "snapshot/snapshot.h"

namespace cgroup2::app {

/// Text with the five characters escaped that HTML gives a meaning.
[[nodiscard]] std::string escape_html(std::string_view text);

/// The whole page, without scripts and external resources. `snapshot` may be nothing.
[[nodiscard]] std::string render_page(std::string_view telemetry_path,
                                      const std::shared_ptr<const snapshot::Snapshot>& snapshot,
                                      std::chrono::steady_clock::time_point now);

}  // namespace cgroup2::app
