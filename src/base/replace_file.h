// SPDX-License-Identifier: Apache-2.0
// Replaces a file as a whole.
#pragma once

#include <string>
#include <string_view>

namespace cgroup2::base {

/// Writes `text` beside the file and renames it, so that there is always a whole one, also after a
/// crash of the host: write, fsync, rename, fsync of the directory. Makes the file's directory if
/// only that is missing. The file belongs to whom the directory belongs, if this process may give
/// it away. Returns 0 or an errno.
[[nodiscard]] int replace_file(const std::string& path, std::string_view text);

}  // namespace cgroup2::base
