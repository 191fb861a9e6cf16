// SPDX-License-Identifier: Apache-2.0
// Cursors over the text of kernel files: lines, tokens and numbers. Pure, no locale; only what
// returns a string allocates.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace cgroup2::base {

/// Hash for containers of std::string that are searched by std::string_view without a copy; beside
/// std::equal_to<>.
struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

/// Takes the next line off `rest`, without its newline. The last line may lack one. Empty optional
/// at the end.
[[nodiscard]] inline std::optional<std::string_view> next_line(std::string_view& rest) {
  if (rest.empty()) return std::nullopt;
  const auto end = rest.find('\n');
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

/// Takes the next token off `rest`; blanks separate tokens. Empty optional at the end.
[[nodiscard]] inline std::optional<std::string_view> next_token(std::string_view& rest) {
  // By hand: find_first_of calls memchr for each character, a tenth of a poll.
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  std::size_t begin = 0;
  while (begin < rest.size() && is_blank(rest[begin])) ++begin;
  std::size_t end = begin;
  while (end < rest.size() && !is_blank(rest[end])) ++end;
  const auto token = rest.substr(begin, end - begin);
  rest.remove_prefix(end);
  return token.empty() ? std::nullopt : std::optional(token);
}

/// Whether `text` has that word; any of the characters of `separators` separates words.
[[nodiscard]] inline bool has_word(std::string_view text, std::string_view wanted,
                                   std::string_view separators) {
  while (!text.empty()) {
    const auto end = text.find_first_of(separators);
    if (text.substr(0, end) == wanted) return true;
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return false;
}

/// Parses the whole of `text` as a decimal u64. Signs, blanks, other bases and values above 2^64-1
/// give nothing.
[[nodiscard]] inline std::optional<std::uint64_t> parse_u64(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Decodes \xHH, as systemd writes the bytes that a unit's name may not hold, and the kernel those
/// of its log that are not printable: in lower case. What is no such sequence stays as it is.
[[nodiscard]] std::string decode_hex_escapes(std::string_view text);

}  // namespace cgroup2::base
