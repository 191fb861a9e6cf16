// SPDX-License-Identifier: Apache-2.0
// Nearest: the known word that somebody may have meant. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cgroup2::config {

/// Finds the candidate with the fewest letters to insert, delete or replace, if these are at most 3
/// and at most a third of the word (one in a short word). The first one of equals. Words beyond 64
/// letters have none.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 const std::vector<std::string>& candidates);

/// Returns ", did you mean X?" with X in quotes behind `prefix`, or nothing.
[[nodiscard]] std::string suggestion(std::string_view word,
                                     const std::vector<std::string>& candidates,
                                     std::string_view prefix = {});

}  // namespace cgroup2::config
