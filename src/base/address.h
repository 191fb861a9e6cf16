// SPDX-License-Identifier: Apache-2.0
// Address: a host and a port, as in "localhost:9306". Pure; no name is looked up.
#pragma once

#include <string>
#include <string_view>

namespace cgroup2::base {

struct Address {
  std::string host;  ///< a name, an IPv4 or an IPv6 address without brackets; empty: every address
  int port = 0;      ///< 0 to 65535; where one listens, 0 is any free one

  friend bool operator==(const Address&, const Address&) = default;
};

/// Either the address or what is wrong with the text.
struct ParsedAddress {
  Address address;
  std::string_view problem;  ///< half a sentence that lacks its subject, the text; empty if right
};

/// Parses ":port", "host:port" or "[v6]:port". A host name is checked as far as a typing error
/// shows.
[[nodiscard]] ParsedAddress parse_address(std::string_view text);

/// Returns the text that parse_address() takes.
[[nodiscard]] std::string to_string(const Address& address);

}  // namespace cgroup2::base
