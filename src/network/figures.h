// SPDX-License-Identifier: Apache-2.0
// NetworkFigures: how a poll fared with the network namespaces.
#pragma once

#include <cstddef>

namespace cgroup2::network {

/// The host's namespace is not counted, nor are those of cgroups that are not exported.
struct NetworkFigures {
  std::size_t read = 0;     ///< namespaces whose counters were read
  std::size_t unread = 0;   ///< namespaces without a live process whose files can be read
  std::size_t dropped = 0;  ///< namespaces beyond the bound
  /// Interfaces beyond the bounds, as far as they were read.
  std::size_t dropped_interfaces = 0;
  bool has_host = false;  ///< the host's own counters were read
};

}  // namespace cgroup2::network
