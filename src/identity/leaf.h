// SPDX-License-Identifier: Apache-2.0
// Leaf: the path component in which a runtime writes a container's 64 hex digits.
#pragma once

#include <optional>
#include <string_view>

#include "identity/paths.h"

namespace cgroup2::identity {

/// What one component says. The views point into the component or to literals.
struct Leaf {
  /// container, conmon, crio_sandbox_placeholder, kata_sandbox or kata_overhead
  Kind kind = Kind::container;
  std::string_view runtime;  ///< empty for kata, "unknown" for a bare id that no parent explains
  std::string_view container_id;
};

/// Matches `name` below a component called `parent`. Inside and outside of Kubernetes the same
/// shapes are used.
[[nodiscard]] std::optional<Leaf> match_leaf(std::string_view name, std::string_view parent);

}  // namespace cgroup2::identity
