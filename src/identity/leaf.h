// SPDX-License-Identifier: Apache-2.0
// Leaf: the path component in which a runtime writes a container's 64 hex digits.
#pragma once

#include <optional>
#include <string_view>

#include "identity/workload.h"

namespace cgroup2::identity {

/// The workload that one component names. The id points into the component.
struct Leaf {
  /// container, conmon, crio_sandbox_placeholder, kata_sandbox or kata_overhead
  WorkloadKind kind = WorkloadKind::container;
  Runtime runtime = Runtime::none;  ///< none for Kata, unknown for an id without a prefix below a
                                    ///< component that is no runtime's
  std::string_view container_id;
};

/// Matches `name` below a component called `parent`. Inside and outside of Kubernetes the same
/// shapes are used.
[[nodiscard]] std::optional<Leaf> match_leaf(std::string_view name, std::string_view parent);

}  // namespace cgroup2::identity
