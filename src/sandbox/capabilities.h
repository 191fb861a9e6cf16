// SPDX-License-Identifier: Apache-2.0
// Capabilities: drops those that a thread does not need: capabilities(7).
#pragma once

#include "sandbox/role.h"

namespace cgroup2::sandbox {

/// Keeps of the calling thread's capabilities only those that its role needs. Returns 0 or an
/// errno. Never adds one.
[[nodiscard]] int drop_capabilities(Role role);

}  // namespace cgroup2::sandbox
