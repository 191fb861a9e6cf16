// SPDX-License-Identifier: Apache-2.0
// The files of the Docker daemon. Their directories are 0710 of root, or of the user.
#pragma once

#include <string_view>

#include "identity/annotations.h"
#include "identity/names.h"

namespace cgroup2::identity {

/// Parses a container's config.v2.json: Name, Config.Image, Config.Labels. Takes cri-dockerd's
/// names from labels instead of Name, which is k8s_CONTAINER_POD_NAMESPACE_UID_ATTEMPT.
[[nodiscard]] LookupResult parse_docker_config(std::string_view text,
                                               const Annotations& annotations, Names& names);

}  // namespace cgroup2::identity
