// SPDX-License-Identifier: Apache-2.0
// Text files: reads what an administrator wrote, within bounds.
#pragma once

#include <string>

#include "config/values.h"

namespace cgroup2::config {

/// Reads a whole file. Only a regular file of at most 1 MiB is read (a link to one is followed:
/// Kubernetes mounts a ConfigMap so), because a reload must not wait for a pipe.
[[nodiscard]] Problem read_text_file(const std::string& path, std::string& text);

}  // namespace cgroup2::config
