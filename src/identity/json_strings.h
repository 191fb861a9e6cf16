// SPDX-License-Identifier: Apache-2.0
// The strings of a JSON text, wherever they stand. Others write the text: it may be cut, hostile,
// or about something else.
#pragma once

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace cgroup2::identity {

/// The keys that lead to a value; an element of an array has its number.
using JsonPath = std::span<const std::string>;

/// Whether these are the keys.
[[nodiscard]] inline bool is_at(JsonPath path, std::initializer_list<std::string_view> keys) {
  return std::ranges::equal(path, keys);
}

/// Calls `visit` for every string below 16 levels and returns whether the text is JSON to its end
/// and no deeper. What was visited before a fault has been visited. Does not recurse.
[[nodiscard]] bool for_each_string(
    std::string_view text, const std::function<void(JsonPath path, const std::string&)>& visit);

}  // namespace cgroup2::identity
