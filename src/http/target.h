// SPDX-License-Identifier: Apache-2.0
// Targets of requests (RFC 9112, section 3.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cgroup2::http {

/// What a request is for.
struct RequestTarget {
  std::string path;   ///< decoded; "*" for the server itself
  std::string query;  ///< raw, without "?"
};

/// Parses "/path?query", "http://host:port/path?query" and "*". The host does not count: whoever
/// reaches the server means it, through a proxy or a forwarded port too. Nothing for other forms
/// and a path that is badly encoded. Pure.
[[nodiscard]] std::optional<RequestTarget> parse_target(std::string_view text);

}  // namespace cgroup2::http
