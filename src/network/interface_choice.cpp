// SPDX-License-Identifier: Apache-2.0
#include "network/interface_choice.h"

namespace cgroup2::network {

std::optional<bool> InterfaceChoice::takes(std::string_view name) {
  const auto known = names_.find(name);
  if (known != names_.end()) return known->second;
  if (names_.size() >= max_names) return std::nullopt;
  return names_.emplace(name, !takes_ || takes_(name)).first->second;
}

}  // namespace cgroup2::network
