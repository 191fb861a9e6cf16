// SPDX-License-Identifier: Apache-2.0
// Finds the user of a rootless container and the user's home directory, where runtimes keep files.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/rooted.h"

namespace cgroup2::identity {

/// Returns the user whose systemd manages the cgroup at this path: "1000" of user@1000.service.
/// Only slices may be above it, which root makes: below a delegated service anybody may call a
/// directory like that.
[[nodiscard]] std::optional<std::string_view> user_of_path(std::string_view path);

/// Returns the user whose systemd manages the workload with this path and subpath (see Workload). A
/// user@UID.service inside of a container does not count.
[[nodiscard]] std::optional<std::string_view> user_of_workload(std::string_view path,
                                                               std::string_view subpath);

/// A line of /etc/passwd. The views point into the text that was read.
struct PasswdUser {
  std::string_view name, uid, home;
};

/// Calls `visit` for the users in the host's /etc/passwd, which is read up to 1 MiB, until it
/// returns false.
void for_each_user(const base::Rooted& host, const std::function<bool(const PasswdUser&)>& visit);

/// Returns the home directory of a numeric user from the host's /etc/passwd, without its leading
/// slash, and the user as its owner. Nothing for users that are not in that file.
[[nodiscard]] std::optional<base::OwnedDirectory> home_of_user(const base::Rooted& host,
                                                               std::string_view user);

/// Returns the directory of a numeric user in /run/user; nothing if that is no uid.
[[nodiscard]] std::optional<base::OwnedDirectory> runtime_directory_of_user(std::string_view user);

}  // namespace cgroup2::identity
