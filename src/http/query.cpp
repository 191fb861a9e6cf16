// SPDX-License-Identifier: Apache-2.0
#include "http/query.h"

#include <charconv>

namespace cgroup2::http {
namespace {

enum class Plus { literal, blank };

std::optional<char> decode_hex(std::string_view digits) {
  unsigned value = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (digits.size() != 2 || error != std::errc{} || end != digits.data() + 2 || value == 0) {
    return std::nullopt;
  }
  return static_cast<char>(value);
}

std::optional<std::string> decode(std::string_view text, Plus plus) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const auto byte = decode_hex(text.substr(i + 1, 2));
      if (!byte) return std::nullopt;
      decoded += *byte;
      i += 2;
    } else {
      decoded += text[i] == '+' && plus == Plus::blank ? ' ' : text[i];
    }
  }
  return decoded;
}

}  // namespace

std::optional<std::string> decode_path(std::string_view text) {
  return decode(text, Plus::literal);
}

std::optional<Parameters> parse_query(std::string_view query, QueryBounds bounds) {
  Parameters parameters;
  while (!query.empty()) {
    const auto end = query.find('&');
    const auto part = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    if (part.empty()) continue;
    if (part.size() > bounds.max_parameter_bytes || parameters.size() == bounds.max_parameters) {
      return std::nullopt;
    }
    const auto equals = part.find('=');
    auto name = decode(part.substr(0, equals), Plus::blank);
    auto value =
        decode(equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1),
               Plus::blank);
    if (!name || !value) return std::nullopt;
    parameters.emplace_back(std::move(*name), std::move(*value));
  }
  return parameters;
}

}  // namespace cgroup2::http
