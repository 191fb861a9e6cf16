// SPDX-License-Identifier: Apache-2.0
// SystemCalls: which system calls a thread may make: seccomp(2), by libseccomp.
#pragma once

#include "sandbox/role.h"

namespace cgroup2::sandbox {

/// Lets the calling thread, and those that it starts, make only the system calls that its role
/// needs; others fail with ENOSYS, for which libraries have another way. Sets no_new_privs. Returns
/// 0 or an errno.
[[nodiscard]] int restrict_system_calls(Role role);

}  // namespace cgroup2::sandbox
