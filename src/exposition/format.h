// SPDX-License-Identifier: Apache-2.0
// The two text formats of Prometheus.
#pragma once

#include <string_view>

namespace cgroup2::exposition {

enum class Format {
  text,        ///< text 0.0.4
  openmetrics  ///< OpenMetrics 1.0.0
};

/// The Content-Type of a body in that format.
[[nodiscard]] constexpr std::string_view content_type(Format format) {
  return format == Format::openmetrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

}  // namespace cgroup2::exposition
