// SPDX-License-Identifier: Apache-2.0
#include "http/target.h"

#include <utility>

#include "http/query.h"

namespace cgroup2::http {

std::optional<RequestTarget> parse_target(std::string_view text) {
  if (text == "*") return RequestTarget{"*", ""};
  if (!text.starts_with('/')) {
    const auto scheme = text.find("://");
    if (scheme == std::string_view::npos) return std::nullopt;
    text.remove_prefix(scheme + 3);
    const auto path = text.find('/');
    if (path == std::string_view::npos) return std::nullopt;
    text.remove_prefix(path);
  }
  const auto mark = text.find('?');
  auto path = decode_path(text.substr(0, mark));
  if (!path) return std::nullopt;
  return RequestTarget{*std::move(path),
                       std::string(mark == std::string_view::npos ? "" : text.substr(mark + 1))};
}

}  // namespace cgroup2::http
