// SPDX-License-Identifier: Apache-2.0
// Health: what --healthcheck asks of the exporter that runs with the same configuration.
#pragma once

#include <optional>
#include <string>

#include "config/config.h"

namespace cgroup2::app {

/// Asks at the first listen address, for a few seconds at most. Nothing if it is healthy, else why
/// not. That it is healthy says that it answers, not that it has read anything: see /-/ready.
[[nodiscard]] std::optional<std::string> health_problem(const config::Config& config);

}  // namespace cgroup2::app
