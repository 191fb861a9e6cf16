// SPDX-License-Identifier: Apache-2.0
// Host facts: what the pages tell of the host and of the exporter's own process.
#pragma once

#include <cstdint>
#include <optional>

#include "config/config.h"
#include "status/page_context.h"

namespace cgroup2::app {

/// The name of the host and where the hierarchy is mounted, with what the exporter is. Reads a few
/// files; a fact that they do not tell stays empty.
[[nodiscard]] status::HostFacts describe_host(const config::Config& config);

/// Returns the effective capabilities of the main thread, from /proc/self. Nothing if that cannot
/// be read.
[[nodiscard]] std::optional<std::uint64_t> read_capabilities();

/// What this process costs, from /proc/self, beside what it was allowed at the start.
[[nodiscard]] status::Self describe_self(std::optional<std::uint64_t> capabilities);

}  // namespace cgroup2::app
