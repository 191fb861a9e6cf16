// SPDX-License-Identifier: Apache-2.0
// The user whose container it is, and where that user's files are: rootless runtimes keep them in
// the home directory and in /run/user.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/rooted.h"

namespace cgroup2::identity {

/// The user whose systemd manages the cgroup at this path: "1000" of user@1000.service.
[[nodiscard]] std::optional<std::string_view> user_of_path(std::string_view path);

/// The user below whose manager a path of that subpath (see PathIdentity) begins: not one inside of
/// a container.
[[nodiscard]] std::optional<std::string_view> user_of_owner(std::string_view path,
                                                            std::string_view subpath);

/// The home directory of a numeric user by the host's /etc/passwd, without its leading slash.
/// Nothing for users that another directory service knows.
[[nodiscard]] std::optional<std::string> home_of_user(const base::Rooted& host,
                                                      std::string_view user);

}  // namespace cgroup2::identity
