// SPDX-License-Identifier: Apache-2.0
#include "base/label.h"

#include <cstddef>
#include <cstdint>

namespace cgroup2::base {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return static_cast<std::uint8_t>(text[at]);
}

// Length of the well-formed sequence at `at` (Unicode 15, table 3-7), or 0.
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const std::uint8_t lead = byte_at(text, at);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xbf;
  if (lead >= 0xc2 && lead <= 0xdf) {
    length = 2;
  } else if (lead >= 0xe0 && lead <= 0xef) {
    length = 3;
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
  } else if (lead >= 0xf0 && lead <= 0xf4) {
    length = 4;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
  } else {
    return 0;
  }
  if (at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    const std::uint8_t next = byte_at(text, at + i);
    if (next < low || next > high) return 0;
    low = 0x80;
    high = 0xbf;
  }
  return length;
}

// Length of what may stay as it is, or 0 for what must be replaced.
std::size_t clean_length(std::string_view text, std::size_t at) {
  const std::size_t length = sequence_length(text, at);
  if (length == 0) return 0;
  const std::uint8_t lead = byte_at(text, at);
  if (length == 1 && (lead < 0x20 || lead == 0x7f)) return 0;
  if (length == 2 && lead == 0xc2 && byte_at(text, at + 1) < 0xa0) return 0;
  if (text.substr(at, length) == replacement) return 0;
  return length;
}

}  // namespace

std::string to_label(std::string_view bytes) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string label;
  label.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = clean_length(bytes, at);
    if (length > 0) {
      label.append(bytes, at, length);
      at += length;
      continue;
    }
    const std::uint8_t byte = byte_at(bytes, at++);
    label += replacement;
    label += digits[byte >> 4];
    label += digits[byte & 15];
  }
  return label;
}

void append_escaped(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
}

void append_label(std::string& block, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  if (!block.empty()) block += ',';
  block += name;
  block += "=\"";
  append_escaped(block, to_label(value));
  block += '"';
}

}  // namespace cgroup2::base
