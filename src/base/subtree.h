// SPDX-License-Identifier: Apache-2.0
// Subtree: whose share of a bound a cgroup takes.
#pragma once

#include <string_view>

namespace cgroup2::base {

/// The classes of those who use up a bound, in the order in which they give way.
enum class ConsumerClass { user, service, workload };

/// The cgroup that a cgroup's share belongs to. Everybody who may make cgroups makes them below one
/// such top.
struct Subtree {
  ConsumerClass consumer_class = ConsumerClass::service;
  std::string_view top = "/";  ///< path of its top, raw bytes; points into the path of the cgroup
  bool is_closed = false;      ///< everything below the cgroup belongs to the same subtree
};

}  // namespace cgroup2::base
