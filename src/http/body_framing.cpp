// SPDX-License-Identifier: Apache-2.0
#include "http/body_framing.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>

#include "http/header_list.h"

namespace cgroup2::http {

BodyFraming body_framing(const Headers& headers) {
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(headers.all(),
                               [&](const auto& field) { return is_same_word(field.first, name); });
  };
  const bool has_length = has("Content-Length");
  if (has("Transfer-Encoding")) return {has_length ? 400 : 411};
  if (!has_length) return {};
  // Fields of one name are joined to a list.
  auto rest = headers.get("Content-Length");
  const auto first = next_element(rest, ',').value_or("");
  for (auto next = next_element(rest, ','); next; next = next_element(rest, ',')) {
    if (*next != first) return {400};
  }
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (first.empty() || !std::ranges::all_of(first, is_digit)) return {400};
  long long length = 0;
  const auto [end, error] = std::from_chars(first.data(), first.data() + first.size(), length);
  if (error == std::errc::result_out_of_range || length > max_body_bytes) return {413};
  return {0, length};
}

}  // namespace cgroup2::http
