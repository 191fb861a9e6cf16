// SPDX-License-Identifier: Apache-2.0
#include "cgroup/controllers.h"

namespace cgroup2::cgroup {

std::optional<std::string> read_controllers(const base::Dir& root) {
  char buffer[4096];
  const auto text = root.read_at("cgroup.controllers", buffer);
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

}  // namespace cgroup2::cgroup
