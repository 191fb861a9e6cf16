// SPDX-License-Identifier: Apache-2.0
// What the host's operating system is called: os-release(5).
#pragma once

#include <string>

#include "base/dir.h"

namespace cgroup2::machine {

/// Reads PRETTY_NAME of os-release below the root of a host, for example "Debian GNU/Linux 12
/// (bookworm)", as text that can be shown. Empty if there is none.
[[nodiscard]] std::string read_os_name(const base::Dir& root);

}  // namespace cgroup2::machine
