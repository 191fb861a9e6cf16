// SPDX-License-Identifier: Apache-2.0
// Pattern: the check of a regular expression. Users write RE2's syntax; it always matches the whole
// of a text: the path of a cgroup, a key of memory.stat or the name of an interface.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "config/values.h"

namespace cgroup2::config {

/// Checks a pattern that may not be empty, because it would match nothing.
[[nodiscard]] Problem parse_pattern(std::string_view text, std::string& value);

/// Checks a pattern that may be empty, which means that there is none.
[[nodiscard]] Problem parse_optional_pattern(std::string_view text, std::string& value);

/// Whether the whole of a text matches. RE2 takes pattern and text as Latin-1, that is byte by
/// byte, because a cgroup's name may be no UTF-8. Throws std::runtime_error for what the functions
/// above refuse. The matcher may be called from every thread.
[[nodiscard]] std::function<bool(std::string_view)> make_matcher(const std::string& pattern);

}  // namespace cgroup2::config
