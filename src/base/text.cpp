// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

namespace cgroup2::base {
namespace {

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return std::nullopt;
}

}  // namespace

std::string decode_hex_escapes(std::string_view text) {
  std::string bytes;
  while (!text.empty()) {
    const bool is_sequence = text.size() >= 4 && text.starts_with("\\x");
    const auto high = is_sequence ? hex_digit(text[2]) : std::nullopt;
    const auto low = is_sequence ? hex_digit(text[3]) : std::nullopt;
    bytes += high && low ? static_cast<char>(*high * 16 + *low) : text.front();
    text.remove_prefix(high && low ? 4 : 1);
  }
  return bytes;
}

}  // namespace cgroup2::base
