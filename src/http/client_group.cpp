// SPDX-License-Identifier: Apache-2.0
#include "http/client_group.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstring>

namespace cgroup2::http {

std::string client_group(std::string_view host) {
  std::string text(host.substr(0, host.find('%')));  // without the zone of a link-local address
  in6_addr address{};
  if (::inet_pton(AF_INET6, text.c_str(), &address) != 1) return std::string(host);
  std::array<char, INET6_ADDRSTRLEN> group{};
  if (IN6_IS_ADDR_V4MAPPED(&address)) {
    constexpr std::size_t mapped_prefix = 12;
    ::inet_ntop(AF_INET, address.s6_addr + mapped_prefix, group.data(), group.size());
    return group.data();
  }
  constexpr std::size_t network = 8;
  std::memset(address.s6_addr + network, 0, sizeof address.s6_addr - network);
  ::inet_ntop(AF_INET6, &address, group.data(), group.size());
  return std::string(group.data()) + "/64";
}

}  // namespace cgroup2::http
