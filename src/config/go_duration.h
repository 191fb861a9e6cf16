// SPDX-License-Identifier: Apache-2.0
// Durations as Go writes them, which are not those of Prometheus: "1m30s", "1.5h", "500us".
#pragma once

#include <chrono>
#include <string_view>

#include "config/values.h"

namespace cgroup2::config {

/// Parses what time.ParseDuration of Go takes and is not negative: numbers with a unit (ns, us, ms,
/// s, m, h) and "0".
[[nodiscard]] Problem parse_go_duration(std::string_view text, std::chrono::nanoseconds& value);

}  // namespace cgroup2::config
