// SPDX-License-Identifier: Apache-2.0
// Health: what --healthcheck asks of the exporter that runs with the same configuration.
#pragma once

#include <optional>
#include <string>

#include "config/config.h"

namespace cgroup2::app {

/// Asks at the first listen address, for a few seconds at most. Nothing if the exporter is healthy,
/// else why not. A healthy exporter answers requests; whether it has data is told by /-/ready.
[[nodiscard]] std::optional<std::string> health_problem(const config::Config& config);

}  // namespace cgroup2::app
