// SPDX-License-Identifier: Apache-2.0
// The files of containers/storage, which CRI-O, Podman and Buildah use. Their directories are 0700
// of root, or of the user.
#pragma once

#include <string_view>

#include "identity/names.h"

namespace cgroup2::identity {

/// Takes the names of one container from the list of containers/storage (containers.go):
///   [{"id":"…","names":["web"],"metadata":"{\"image-name\":\"docker.io/library/nginx:1\",…}"}]
[[nodiscard]] LookupResult parse_storage_list(std::string_view text, std::string_view id,
                                              Names& names);

}  // namespace cgroup2::identity
