// SPDX-License-Identifier: Apache-2.0
// Checks the rows of a catalog when it is compiled, each by itself, so that the error for a bad row
// names the metric and the rule.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "catalog/rules.h"

namespace cgroup2::catalog {

/// Holds a metric's name as a template argument, which GCC prints as text.
template <std::size_t size>
struct RowName {
  constexpr explicit RowName(std::string_view name) { std::ranges::copy(name, text); }

  char text[size + 1] = {};
};

/// Holds the rule that a row breaks, or nothing. Each row has a constant of its own, because clang
/// evaluates one in a million steps at most, which all rows together exceed.
template <const auto& rows, const auto& known_files, std::size_t at>
inline constexpr std::optional<Rule> broken_rule = find_broken_rule(rows, at, known_files);

/// Refuses a row that breaks a rule with an error that names both.
template <const auto& rows, const auto& known_files, std::size_t at,
          RowName<rows[at].name.size()> name>
struct CheckedMetric {
  static constexpr std::optional<Rule> broken = broken_rule<rows, known_files, at>;
  static_assert(broken != Rule::name,
                "name: it begins with cgroup_ and has lower case letters, digits and single _");
  static_assert(broken != Rule::suffix,
                "suffix: a counter ends in _total, an info in _info, and no other metric does");
  static_assert(broken != Rule::unit,
                "unit: before _total, the name ends in _bytes, _seconds, _cores or _ratio "
                "if, and only if, that is its unit");
  static_assert(broken != Rule::help, "help: it is one line that ends with a full stop");
  static_assert(broken != Rule::collector,
                "collector: every metric has one, but that of identity()");
  static_assert(broken != Rule::notation,
                "notation: percent() has the unit ratio, ratio() the unit cores, an info has none");
  static_assert(broken != Rule::type,
                "type: a source that gives labels and no number makes an info, and no other does");
  static_assert(broken != Rule::file, "file: it has no row in catalog/files.h");
  static_assert(broken != Rule::shape,
                "shape: the source cannot be read from a file of the shape in catalog/files.h");
  static_assert(broken != Rule::labels,
                "labels: a sample has two at most, what the file's star stands for among them");
  static_assert(broken != Rule::name_is_unique,
                "name_is_unique: another metric has the name, with _total and _info left out");
  static_assert(broken != Rule::field_is_unique,
                "field_is_unique: another metric is made of the same field");
  static constexpr bool is_checked = true;
};

/// Throws for a row that breaks a rule, and so makes no constant. clang 14 prints the arguments of
/// such a call as text, but not those of a template.
[[nodiscard]] constexpr bool accept(std::string_view /*metric*/, std::optional<Rule> broken) {
  return broken ? throw *broken : true;
}

template <const auto& rows, const auto& known_files, std::size_t at>
inline constexpr bool is_accepted = accept(rows[at].name, broken_rule<rows, known_files, at>);

template <const auto& rows, const auto& known_files, std::size_t at>
inline constexpr bool is_checked =
    CheckedMetric<rows, known_files, at, RowName<rows[at].name.size()>(rows[at].name)>::is_checked;

/// Checks all rows: returns true, or does not compile.
template <const auto& rows, const auto& known_files, std::size_t... at>
[[nodiscard]] constexpr bool are_checked(std::index_sequence<at...> /*rows*/) {
  return ((is_checked<rows, known_files, at> && is_accepted<rows, known_files, at>)&&...);
}

}  // namespace cgroup2::catalog
