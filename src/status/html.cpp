// SPDX-License-Identifier: Apache-2.0
#include "status/html.h"

#include <charconv>

namespace cgroup2::status {
namespace {

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<std::uint8_t>(text[at]) : 0;
}

// The code point of a sequence of two or three bytes, or 0.
unsigned decode(std::string_view text, std::size_t at) {
  const unsigned lead = byte_at(text, at);
  const unsigned second = byte_at(text, at + 1) & 0x3fU;
  const unsigned third = byte_at(text, at + 2) & 0x3fU;
  if ((lead & 0xe0U) == 0xc0U) return (lead & 0x1fU) << 6 | second;
  if ((lead & 0xf0U) == 0xe0U) return (lead & 0x0fU) << 12 | second << 6 | third;
  return 0;
}

// Format characters and separators (Unicode categories Cf, Zl, Zp) that reorder, join or hide text.
bool is_invisible(unsigned point) {
  return point == 0x00ad || point == 0x061c || point == 0x180e ||
         (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
         (point >= 0x2060 && point <= 0x206f) || point == 0xfeff;
}

void append_point(std::string& out, unsigned point) {
  constexpr char digits[] = "0123456789ABCDEF";
  out += "[U+";
  for (int shift = 12; shift >= 0; shift -= 4) out += digits[point >> shift & 15U];
  out += ']';
}

std::string_view entity_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

bool stays_in_parameter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~' || c == '/';
}

}  // namespace

Html& Html::text(std::string_view text) {
  std::size_t begin = 0;  // of what is not copied yet
  for (std::size_t at = 0; at < text.size();) {
    const auto entity = entity_of(text[at]);
    const unsigned point = byte_at(text, at) >= 0xc2 ? decode(text, at) : 0;
    const bool is_hidden = is_invisible(point);
    if (entity.empty() && !is_hidden) {
      ++at;
      continue;
    }
    append(text.substr(begin, at - begin)).append(entity);
    if (is_hidden) append_point(text_, point);
    at += !is_hidden ? 1 : point < 0x800 ? 2 : 3;
    begin = at;
  }
  return append(text.substr(std::min(begin, text.size())));
}

Html& Html::parameter(std::string_view value) {
  constexpr char digits[] = "0123456789ABCDEF";
  for (const char c : value) {
    if (stays_in_parameter(c)) {
      text_ += c;
      continue;
    }
    const auto byte = static_cast<std::uint8_t>(c);
    text_ += '%';
    text_ += digits[byte >> 4];
    text_ += digits[byte & 15];
  }
  return *this;
}

Html& Html::number(std::uint64_t value) {
  char digits[24];
  return append({digits, std::to_chars(digits, digits + sizeof digits, value).ptr});
}

void Html::flush() {
  if (sink_ == nullptr) return;
  if (is_wanted_ && !text_.empty()) is_wanted_ = (*sink_)(text_);
  text_.clear();
}

}  // namespace cgroup2::status
