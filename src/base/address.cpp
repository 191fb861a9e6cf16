// SPDX-License-Identifier: Apache-2.0
#include "base/address.h"

#include <arpa/inet.h>

#include <cstddef>

#include "base/text.h"

namespace cgroup2::base {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view name_letters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
constexpr std::string_view letters = name_letters.substr(0, 52);

bool has_only(std::string_view text, std::string_view allowed) {
  return text.find_first_not_of(allowed) == std::string_view::npos;
}

bool is_ip(int family, std::string_view text) {
  unsigned char address[sizeof(in6_addr)];
  // Rules out a NUL byte, which would end the text early for inet_pton().
  return has_only(text, "0123456789abcdefABCDEF:.") &&
         ::inet_pton(family, std::string(text).c_str(), address) == 1;
}

// Checks RFC 1123 as far as a typing error shows: an all-numeric name can only be a broken IPv4
// address.
bool is_host_name(std::string_view text) {
  constexpr std::size_t max_bytes = 253;
  return !text.empty() && text.size() <= max_bytes && has_only(text, name_letters) &&
         letters.find(text.front()) != std::string_view::npos &&
         text.find("..") == std::string_view::npos;
}

}  // namespace

ParsedAddress parse_address(std::string_view text) {
  constexpr std::string_view wrong_form =
      "is not an address like :9306, 127.0.0.1:9306 or [::1]:9306";
  constexpr std::uint64_t max_port = 65'535;
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return {{}, wrong_form};
  const auto port = text.substr(colon + 1);
  auto host = text.substr(0, colon);
  const bool has_brackets = host.starts_with('[') && host.ends_with(']');
  if (has_brackets) host = host.substr(1, host.size() - 2);
  const bool is_host = has_brackets ? is_ip(AF_INET6, host)
                                    : host.empty() || is_ip(AF_INET, host) || is_host_name(host);
  if (port.empty() || !has_only(port, digits) || !is_host) return {{}, wrong_form};
  const auto number = parse_u64(port);
  if (!number || *number > max_port) return {{}, "has a port out of range (0 to 65535)"};
  return {{std::string(host), static_cast<int>(*number)}, {}};
}

std::string to_string(const Address& address) {
  const bool is_v6 = address.host.find(':') != std::string::npos;
  return (is_v6 ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace cgroup2::base
