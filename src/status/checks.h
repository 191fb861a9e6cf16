// SPDX-License-Identifier: Apache-2.0
// Checks: what works here and what does not, and why: rights, mounts, controllers.
#pragma once

#include <string>
#include <vector>

#include "status/html.h"
#include "status/page_context.h"

namespace cgroup2::status {

enum class CheckState {
  works,
  partly,   ///< something is missing that a right, a mount or a limit would give
  missing,  ///< nothing of it is there
  off,      ///< nobody asked for it, or this kernel does not have it
};

struct Check {
  std::string what;
  CheckState state;
  std::string why;  ///< sentences; not escaped
};

/// Makes the checks, in the order in which somebody would look.
[[nodiscard]] std::vector<Check> make_checks(const PageContext& context);

/// Appends a section with all of them; what is partly there or missing is always seen, the rest
/// folds away.
void add_checks(Html& html, const std::vector<Check>& checks);

}  // namespace cgroup2::status
