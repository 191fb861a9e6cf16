// SPDX-License-Identifier: Apache-2.0
// The host's trees, opened once at the start, and the reasons for which there is nothing to open.
#pragma once

#include "base/log.h"
#include "config/config.h"
#include "snapshot/builder.h"

namespace cgroup2::app {

/// Opens procfs, the cgroup2 hierarchy (found in mountinfo unless --path.cgroupfs names it) and
/// sysfs. Throws std::runtime_error with one line if there is no procfs, no cgroup v2, or the
/// hierarchy's root cannot be read. Says once if the hierarchy is hybrid.
[[nodiscard]] snapshot::Roots open_roots(const config::Config::Path& path, base::Log& log);

}  // namespace cgroup2::app
