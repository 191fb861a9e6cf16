// SPDX-License-Identifier: Apache-2.0
// Pattern: the check of a regular expression. Users write RE2's syntax; it always matches the whole
// path of a cgroup.
#pragma once

#include <string>
#include <string_view>

#include "config/values.h"

namespace cgroup2::config {

/// For cgroup.include: an empty pattern would include nothing.
[[nodiscard]] Problem parse_include(std::string_view text, std::string& value);

/// For cgroup.exclude: an empty pattern excludes nothing.
[[nodiscard]] Problem parse_exclude(std::string_view text, std::string& value);

}  // namespace cgroup2::config
