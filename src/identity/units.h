// SPDX-License-Identifier: Apache-2.0
// Units: finds the units of systemd that a cgroup belongs to, as systemd does (cg_path_get_unit and
// cg_path_get_user_unit in src/basic/cgroup-util.c).
#pragma once

#include <string_view>

namespace cgroup2::identity {

/// Names of units as systemctl takes them: escapes like \x2d stay, a template's instance stays.
/// Empty: there is none. The views point into the path.
struct Units {
  std::string_view unit;       ///< of the system's manager
  std::string_view user_unit;  ///< of a user's manager; only inside of user@UID.service
};

/// Reads the units from a cgroup's path below the mount, raw bytes. The unit is the component after
/// the leading slices; without one it is the last slice. A systemd in a container does not count:
/// its units belong to the container's unit.
[[nodiscard]] Units parse_units(std::string_view path);

}  // namespace cgroup2::identity
