// SPDX-License-Identifier: Apache-2.0
// Chooses what an input is for by its first line, so that a seed says it in words.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace cgroup2::fuzz {

struct Choice {
  std::size_t row;
  std::string_view text;  ///< the input without its first line
};

/// Returns the row that the first line names; if it names none, one that depends on its first byte,
/// so that every mutation of an input tests something.
template <class Rows>
Choice choose(const Rows& rows, std::string_view input) {
  const auto line = input.substr(0, input.find('\n'));
  const auto text = input.substr(std::min(line.size() + 1, input.size()));
  const auto count = static_cast<std::size_t>(std::size(rows));
  for (std::size_t row = 0; row < count; ++row) {
    if (rows[row].name == line) return {row, text};
  }
  return {line.empty() ? 0 : static_cast<unsigned char>(line.front()) % count, text};
}

}  // namespace cgroup2::fuzz
