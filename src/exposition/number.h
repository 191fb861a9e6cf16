// SPDX-License-Identifier: Apache-2.0
// Numbers as both formats write them. Independent of the locale.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "catalog/metric.h"

namespace cgroup2::exposition {

/// No number is longer.
inline constexpr std::size_t max_number_length = 32;

/// Writes the shortest decimal that reads back as the same double; NaN, +Inf and -Inf by name.
/// Returns the end. There must be space for max_number_length characters.
[[nodiscard]] char* write_number(char* at, double value);

/// Writes a value of the kernel as its unit is printed: times in seconds. `bits` as in
/// cgroup::Sample. Returns the end. There must be space for max_number_length characters.
[[nodiscard]] char* write_value(char* at, std::uint64_t bits, catalog::Unit unit);

/// write_number() at the end of a string.
void append_number(std::string& out, double value);

}  // namespace cgroup2::exposition
