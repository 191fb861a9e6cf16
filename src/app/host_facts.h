// SPDX-License-Identifier: Apache-2.0
// Host facts: what the pages tell of the host and of the exporter's own process.
#pragma once

#include "config/config.h"
#include "status/page_context.h"

namespace cgroup2::app {

/// Names of the host, its memory and where the hierarchy is mounted. Reads a few files; a fact that
/// they do not tell stays empty.
[[nodiscard]] status::HostFacts describe_host(const config::Config& config);

/// What this process costs and may do, from /proc/self. Any thread.
[[nodiscard]] status::Self describe_self();

}  // namespace cgroup2::app
