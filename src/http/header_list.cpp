// SPDX-License-Identifier: Apache-2.0
#include "http/header_list.h"

#include <algorithm>

namespace cgroup2::http {
namespace {

std::string_view without_blanks(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::optional<std::string_view> next_element(std::string_view& rest, char separator) {
  // Ends at a null pointer: an empty rest behind a separator is still one empty element.
  if (rest.data() == nullptr) return std::nullopt;
  bool is_quoted = false;
  std::size_t end = 0;
  for (; end < rest.size() && (is_quoted || rest[end] != separator); ++end) {
    if (rest[end] == '"') is_quoted = !is_quoted;
    if (rest[end] == '\\' && is_quoted && end + 1 < rest.size()) ++end;
  }
  const auto element = without_blanks(rest.substr(0, end));
  rest = end < rest.size() ? rest.substr(end + 1) : std::string_view();
  return element;
}

bool is_same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool lists_word(std::string_view list, std::string_view word) {
  while (const auto element = next_element(list, ',')) {
    if (is_same_word(*element, word)) return true;
  }
  return false;
}

std::optional<unsigned> parse_weight(std::string_view text) {
  // 0, 0.5, 0.123, 1, 1.000
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return std::nullopt;
  if (text.size() > 1 && text[1] != '.') return std::nullopt;
  unsigned weight = text[0] == '1' ? 1000 : 0;
  unsigned unit = 100;
  for (const char digit : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (digit < '0' || digit > '9') return std::nullopt;
    weight += static_cast<unsigned>(digit - '0') * unit;
    unit /= 10;
  }
  if (weight > 1000) return std::nullopt;
  return weight;
}

}  // namespace cgroup2::http
