// SPDX-License-Identifier: Apache-2.0
// Parses the kernel's list of numbers, as of CPUs and memory nodes (cpuset(7), "List format").
#pragma once

#include <cstdint>
#include <string_view>

#include "base/text.h"

namespace cgroup2::base {

/// Bounds the numbers of a list: far beyond NR_CPUS (8192) and MAX_NUMNODES (1024).
inline constexpr std::uint64_t max_listed_number = std::uint64_t{1} << 16;

/// Calls visit(first, last) for each range of "0-3,8", where a number alone is a range of one. An
/// empty list has none. False, after the ranges before it were visited, at whatever has another
/// form or a number that is too large.
template <class Visit>
[[nodiscard]] bool visit_ranges(std::string_view list, Visit&& visit) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    const auto range = list.substr(0, comma);
    const bool is_last = comma == std::string_view::npos;
    list.remove_prefix(is_last ? list.size() : comma + 1);
    const auto dash = range.find('-');
    const auto first = parse_u64(range.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : parse_u64(range.substr(dash + 1));
    const bool is_range = first && last && *first <= *last && *last < max_listed_number;
    if (!is_range || (!is_last && list.empty())) return false;
    visit(*first, *last);
  }
  return true;
}

}  // namespace cgroup2::base
