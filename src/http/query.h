// SPDX-License-Identifier: Apache-2.0
// The percent encoding of paths and queries (RFC 3986 section 2.1, and the form encoding of
// queries). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cgroup2::http {

/// Decodes a path. Empty optional for a percent sign without two hex digits and
/// for a NUL byte.
[[nodiscard]] std::optional<std::string> decode_path(std::string_view text);

/// Names and values, decoded.
using Parameters = std::vector<std::pair<std::string, std::string>>;

struct QueryBounds {
  std::size_t max_parameters = 64;
  std::size_t max_parameter_bytes = 256;  ///< of one name and its value as sent
};

/// Parses "a=b&c=d" into decoded parameters in their order, with "+" as a blank. Empty optional for
/// a query out of bounds or with an encoding that decode_path() would not take either.
[[nodiscard]] std::optional<Parameters> parse_query(std::string_view query,
                                                    QueryBounds bounds = {});

}  // namespace cgroup2::http
