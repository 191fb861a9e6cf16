// SPDX-License-Identifier: Apache-2.0
#include "config/address.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace cgroup2::config {

Problem append_listen_address(std::string_view text, std::vector<base::Address>& list) {
  constexpr std::size_t max_addresses = 64;  // the list is searched for each new one
  auto parsed = base::parse_address(text);
  if (!parsed.problem.empty()) return quote(text) + " " + std::string(parsed.problem);
  if (list.size() == max_addresses) {
    return quote(text) + " is one too many (" + std::to_string(max_addresses) + ")";
  }
  if (std::find(list.begin(), list.end(), parsed.address) != list.end())
    return quote(text) + " is given twice";
  list.push_back(std::move(parsed.address));
  return std::nullopt;
}

Problem parse_optional_address(std::string_view text, std::optional<base::Address>& value) {
  if (text.empty()) {
    value.reset();
    return std::nullopt;
  }
  auto parsed = base::parse_address(text);
  if (!parsed.problem.empty()) return quote(text) + " " + std::string(parsed.problem);
  value = std::move(parsed.address);
  return std::nullopt;
}

Problem parse_telemetry_path(std::string_view text, std::string& value) {
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
  // Refuses what clients ("." and "..") or servers ("//") resolve: nobody would ask for such a
  // path.
  const std::string segments = std::string(text) + '/';
  const bool is_resolved = text.find("//") == std::string_view::npos &&
                           segments.find("/./") == std::string::npos &&
                           segments.find("/../") == std::string::npos;
  if (!text.starts_with('/') || text.find_first_not_of(allowed) != std::string_view::npos ||
      !is_resolved) {
    return quote(text) + " is not a path like /metrics (letters, digits and -._~/)";
  }
  if (segments.starts_with("/-/")) return quote(text) + " is taken by the exporter's own pages";
  value = text;
  return std::nullopt;
}

}  // namespace cgroup2::config
