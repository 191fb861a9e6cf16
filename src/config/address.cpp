// SPDX-License-Identifier: Apache-2.0
#include "config/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstddef>

#include "base/text.h"

namespace cgroup2::config {
namespace {

constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::size_t max_listen_addresses = 64;
constexpr std::string_view digits = "0123456789";

bool has_only(std::string_view text, std::string_view a, std::string_view b, std::string_view c) {
  return std::all_of(text.begin(), text.end(), [&](char letter) {
    return a.find(letter) != std::string_view::npos || b.find(letter) != std::string_view::npos ||
           c.find(letter) != std::string_view::npos;
  });
}

bool is_ip(int family, std::string_view text) {
  unsigned char address[sizeof(in6_addr)];
  const std::string terminated(text);  // NUL inside ends it early: has_only() rules that out
  return has_only(text, letters, digits, ":.") &&
         ::inet_pton(family, terminated.c_str(), address) == 1;
}

// RFC 1123 as far as a typing error shows: an all-numeric name can only be a broken IPv4 address.
bool is_host_name(std::string_view text) {
  constexpr std::size_t longest = 253;
  return !text.empty() && text.size() <= longest && has_only(text, letters, digits, "-_.") &&
         letters.find(text.front()) != std::string_view::npos &&
         text.find("..") == std::string_view::npos;
}

bool is_host(std::string_view text) {
  if (text.empty()) return true;
  if (text.starts_with('[') && text.ends_with(']')) {
    return is_ip(AF_INET6, text.substr(1, text.size() - 2));
  }
  return is_ip(AF_INET, text) || is_host_name(text);
}

}  // namespace

Problem append_listen_address(std::string_view text, std::vector<std::string>& list) {
  const auto colon = text.rfind(':');
  const auto port = colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
  if (port.empty() || !has_only(port, digits, "", "") || !is_host(text.substr(0, colon))) {
    return quote(text) + " is not an address like :9306, 127.0.0.1:9306 or [::1]:9306";
  }
  if (base::parse_u64(port).value_or(65'536) > 65'535) {
    return quote(text) + " has a port out of range (0 to 65535)";
  }
  // The list is searched for each new one.
  if (list.size() == max_listen_addresses) {
    return quote(text) + " is one too many (" + std::to_string(max_listen_addresses) + ")";
  }
  if (std::find(list.begin(), list.end(), text) != list.end())
    return quote(text) + " is given twice";
  list.emplace_back(text);
  return std::nullopt;
}

Problem parse_telemetry_path(std::string_view text, std::string& value) {
  // "." and ".." are resolved by clients, "//" by servers: such a path would never be asked for.
  const std::string segments = std::string(text) + '/';
  const bool is_resolved = text.find("//") == std::string_view::npos &&
                           segments.find("/./") == std::string::npos &&
                           segments.find("/../") == std::string::npos;
  if (!text.starts_with('/') || !has_only(text, letters, digits, "-._~/") || !is_resolved) {
    return quote(text) + " is not a path like /metrics (letters, digits and -._~/)";
  }
  if (segments.starts_with("/-/")) return quote(text) + " is taken by the exporter's own pages";
  value = text;
  return std::nullopt;
}

}  // namespace cgroup2::config
