// SPDX-License-Identifier: Apache-2.0
// Reads the components of a cgroup's path and recognizes their shapes. Pure, no allocation, no
// locale, safe on any bytes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

namespace cgroup2::identity {

/// A component of a path and the two above it; empty where there is none.
struct PathComponent {
  std::string_view name;
  std::string_view parent{};
  std::string_view grandparent{};
};

/// Removes the next component and the slashes around it from `rest`, and returns it. Nothing at the
/// end.
[[nodiscard]] inline std::optional<std::string_view> next_component(std::string_view& rest) {
  const auto skip_slashes = [&rest] {
    rest.remove_prefix(std::min(rest.find_first_not_of('/'), rest.size()));
  };
  skip_slashes();
  if (rest.empty()) return std::nullopt;
  const auto name = rest.substr(0, rest.find('/'));
  rest.remove_prefix(name.size());
  skip_slashes();
  return name;
}

/// Whether all of `text` is decimal digits, and at least one.
[[nodiscard]] inline bool is_number(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether `text` is `digits` hex digits, in lower case as every runtime writes them.
[[nodiscard]] inline bool is_hex(std::string_view text, std::size_t digits) {
  return text.size() == digits && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

/// Whether `text` is 64 hex digits, which is how most runtimes make a container's id. They call its
/// files by it.
inline constexpr std::size_t container_id_length = 64;
[[nodiscard]] inline bool is_container_id(std::string_view text) {
  return is_hex(text, container_id_length);
}

/// Whether `text` is a UUID in lower case (8-4-4-4-12 hex digits) with this character between the
/// groups.
[[nodiscard]] inline bool is_uuid(std::string_view text, char separator) {
  constexpr std::size_t uuid_length = 36;
  if (text.size() != uuid_length) return false;
  for (const std::size_t digits : {8u, 4u, 4u, 4u, 12u}) {
    if (!is_hex(text.substr(0, digits), digits)) return false;
    text.remove_prefix(digits);
    if (text.empty()) return true;
    if (text.front() != separator) return false;
    text.remove_prefix(1);
  }
  return false;
}

/// Returns what is between `prefix` and `suffix` in `text`; nothing unless both are there with
/// something between them.
[[nodiscard]] inline std::optional<std::string_view> between(std::string_view text,
                                                             std::string_view prefix,
                                                             std::string_view suffix) {
  if (text.size() <= prefix.size() + suffix.size()) return std::nullopt;
  if (!text.starts_with(prefix) || !text.ends_with(suffix)) return std::nullopt;
  return text.substr(prefix.size(), text.size() - prefix.size() - suffix.size());
}

}  // namespace cgroup2::identity
