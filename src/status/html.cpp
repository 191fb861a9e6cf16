// SPDX-License-Identifier: Apache-2.0
#include "status/html.h"

#include <charconv>

#include "base/label.h"

namespace cgroup2::status {
namespace {

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
  return base::is_text(text) ? escape(text) : escape(base::to_text(text));
}

Html& Html::escape(std::string_view text) {
  std::size_t begin = 0;  // of what is not copied yet
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto entity = entity_of(text[at]);
    if (entity.empty()) continue;
    append(text.substr(begin, at - begin)).append(entity);
    begin = at + 1;
  }
  return append(text.substr(begin));
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
