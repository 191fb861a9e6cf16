// SPDX-License-Identifier: Apache-2.0
// Finds the strings of a JSON text. Other programs write the text: it may be cut, hostile, or about
// something else.
#pragma once

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace cgroup2::identity {

/// The keys that lead to a value; the key of an array's element is its number.
using JsonPath = std::span<const std::string>;

/// Whether these are the keys.
[[nodiscard]] inline bool is_at(JsonPath path, std::initializer_list<std::string_view> keys) {
  return std::ranges::equal(path, keys);
}

/// Calls `visit` for every string that is at most 16 levels deep, and returns whether all of the
/// text is JSON, no deeper, and of at most 250,000 values. Strings before a fault are visited too.
/// Does not recurse.
[[nodiscard]] bool for_each_string(
    std::string_view text, const std::function<void(JsonPath path, const std::string&)>& visit);

}  // namespace cgroup2::identity
