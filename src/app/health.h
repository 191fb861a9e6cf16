// SPDX-License-Identifier: Apache-2.0
// Health: asks the exporter that runs with the same configuration, for --healthcheck.
#pragma once

#include <optional>
#include <string>

#include "config/config.h"

namespace cgroup2::app {

/// Asks at the address for probes, or else at the first listen address, over TLS first if the
/// web configuration has it, for a few seconds at most. Returns nothing if the exporter is healthy,
/// else why it is not. A healthy exporter answers requests; /-/ready tells whether it has data. The
/// process ignores SIGPIPE from then on.
[[nodiscard]] std::optional<std::string> health_problem(const config::Config& config);

}  // namespace cgroup2::app
