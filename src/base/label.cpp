// SPDX-License-Identifier: Apache-2.0
#include "base/label.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace cgroup2::base {
namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";
constexpr std::size_t hash_digits = 32;
constexpr std::size_t mark_size = 1 + hash_digits + 1;  // "~hash~"

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

// The code point of a well-formed sequence of two or three bytes; 0 for all others.
std::uint32_t decode(std::string_view text, std::size_t at, std::size_t length) {
  const auto low_bits = [&](std::size_t i) { return byte_at(text, at + i) & 0x3fU; };
  if (length == 2) return (byte_at(text, at) & 0x1fU) << 6 | low_bits(1);
  if (length == 3) return (byte_at(text, at) & 0x0fU) << 12 | low_bits(1) << 6 | low_bits(2);
  return 0;
}

bool is_control(std::string_view text, std::size_t at, std::size_t length) {
  const std::uint8_t lead = byte_at(text, at);
  if (length == 1) return lead < 0x20 || lead == 0x7f;
  return length == 2 && lead == 0xc2 && byte_at(text, at + 1) < 0xa0;
}

// Format characters and separators (Unicode categories Cf, Zl, Zp) that reorder, join or hide text.
bool is_invisible(std::uint32_t point) {
  return point == 0x00ad || point == 0x061c || point == 0x180e ||
         (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
         (point >= 0x2060 && point <= 0x206f) || point == 0xfeff;
}

// Length of what may stay as it is, or 0 for a byte that must be replaced.
std::size_t visible_length(std::string_view text, std::size_t at) {
  const std::size_t length = sequence_length(text, at);
  if (length == 0 || is_control(text, at, length)) return 0;
  return is_invisible(decode(text, at, length)) ? 0 : length;
}

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
}

// Whether '%' and two hex digits stand there.
bool is_escape(std::string_view text, std::size_t at) {
  return at + 2 < text.size() && text[at] == '%' && is_hex_digit(text[at + 1]) &&
         is_hex_digit(text[at + 2]);
}

void append_byte(std::string& out, std::uint8_t byte) {
  out += '%';
  out += hex_digits[byte >> 4];
  out += hex_digits[byte & 15];
}

// Appends the bytes of a character that is not seen, or a byte that is none.
std::size_t replace(std::string& out, std::string_view text, std::size_t at) {
  const std::size_t length = std::max<std::size_t>(sequence_length(text, at), 1);
  for (std::size_t i = 0; i < length; ++i) append_byte(out, byte_at(text, at + i));
  return length;
}

std::string escape(std::string_view bytes, bool is_unique) {
  std::string text;
  text.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = visible_length(bytes, at);
    if (length == 0 || (is_unique && is_escape(bytes, at))) {
      at += replace(text, bytes, at);
    } else {
      text.append(bytes, at, length);
      at += length;
    }
  }
  return text;
}

std::string hash_of(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest.data());
  std::string digits;
  for (std::size_t i = 0; i < hash_digits / 2; ++i) {
    digits += hex_digits[digest.at(i) >> 4];
    digits += hex_digits[digest.at(i) & 15];
  }
  return digits;
}

// The end of a label in at most `size` bytes. Begins with no part of a character or of an escape.
std::string_view tail_of(std::string_view label, std::size_t size) {
  std::size_t at = label.size() - std::min(size, label.size());
  if (at >= 1 && is_escape(label, at - 1)) return label.substr(at + 2);
  if (at >= 2 && is_escape(label, at - 2)) return label.substr(at + 1);
  while (at < label.size() && (byte_at(label, at) & 0xc0U) == 0x80U) ++at;
  return label.substr(at);
}

bool looks_cut(std::string_view label) {
  return label.size() >= mark_size && label.front() == '~' && label[mark_size - 1] == '~' &&
         std::ranges::all_of(label.substr(1, hash_digits),
                             [](char c) { return hex_digits.find(c) != std::string_view::npos; });
}

}  // namespace

std::string to_text(std::string_view bytes) { return escape(bytes, false); }

bool is_text(std::string_view bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t length = visible_length(bytes, at);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

std::string to_label(std::string_view bytes) {
  std::string label = escape(bytes, true);
  if (label.size() <= max_label_size && !looks_cut(label)) return label;
  std::string cut = '~' + hash_of(bytes) + '~';
  cut += tail_of(label, max_label_size - mark_size);
  return cut;
}

std::size_t find_binary(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = sequence_length(text, at);
    if (length == 0 || is_control(text, at, length)) return at;
    at += length;
  }
  return std::string_view::npos;
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
