// SPDX-License-Identifier: Apache-2.0
// Podman: the cgroups that Podman names otherwise than by a container's 64 hex digits.
#pragma once

#include <optional>

#include "identity/components.h"
#include "identity/paths.h"

namespace cgroup2::identity {

/// Matches a pod (Kind::pod with runtime "libpod"; its id is neither a container's nor a Kubernetes
/// pod's, so it stays in the path only) and the directory of the cgroupfs manager's monitors
/// (Kind::conmon, it does not say whose). subpath is left empty.
[[nodiscard]] std::optional<PathIdentity> match_podman(const Place& place);

}  // namespace cgroup2::identity
