// SPDX-License-Identifier: Apache-2.0
#include "http/listen.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <system_error>

#include "base/fd.h"
#include "base/result.h"

namespace cgroup2::http {
namespace {

/// What bind() takes, and the same in the spelling of CivetWeb.
struct Endpoint {
  sockaddr_storage address{};
  socklen_t size = 0;
  bool is_dual_stack = false;
  std::string spelling;
};

[[noreturn]] void fail(const base::Address& address, const std::string& reason) {
  throw std::runtime_error("cannot listen on " + to_string(address) + ": " + reason);
}

[[noreturn]] void fail(const base::Address& address, int code) {
  fail(address, std::generic_category().message(code));
}

/// Resolves `host`, which replaces that of `address`, or throws.
Endpoint look_up(const base::Address& address, const std::string& host) {
  const bool is_v6_literal = host.find(':') != std::string::npos;
  const auto port = std::to_string(address.port);
  addrinfo hints{};
  hints.ai_family = is_v6_literal ? AF_INET6 : AF_UNSPEC;
  hints.ai_flags = AI_NUMERICSERV | (is_v6_literal ? AI_NUMERICHOST : 0);
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &list);
  if (error == EAI_SYSTEM) fail(address, errno);
  if (error != 0) fail(address, ::gai_strerror(error));
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, &::freeaddrinfo);

  const addrinfo* chosen = list;
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    if (one->ai_family == AF_INET) {
      chosen = one;
      break;
    }
  }
  std::array<char, NI_MAXHOST> number{};
  if (const int code = ::getnameinfo(chosen->ai_addr, chosen->ai_addrlen, number.data(),
                                     number.size(), nullptr, 0, NI_NUMERICHOST);
      code != 0) {
    fail(address, ::gai_strerror(code));
  }
  Endpoint endpoint;
  std::memcpy(&endpoint.address, chosen->ai_addr, chosen->ai_addrlen);
  endpoint.size = chosen->ai_addrlen;
  const bool is_v6 = chosen->ai_family == AF_INET6;
  const std::string name = number.data();
  endpoint.spelling = (is_v6 ? "[" + name + "]" : name) + ":" + port;
  if (is_v6 && name == "::") {
    endpoint.is_dual_stack = true;
    endpoint.spelling = "+" + port;
  }
  return endpoint;
}

/// Listens with the options that CivetWeb will set: SO_REUSEADDR, which lets a restart bind over
/// connections in TIME_WAIT but never over another listener, and no SO_REUSEPORT.
base::Result<base::Fd> try_listen(const Endpoint& endpoint) {
  base::Fd socket(::socket(endpoint.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return base::Error{errno, "socket"};
  const int on = 1;
  const int only_v6 = endpoint.is_dual_stack ? 0 : 1;
  ::setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (endpoint.address.ss_family == AF_INET6) {
    ::setsockopt(socket.number(), IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, sizeof only_v6);
  }
  const auto* address = reinterpret_cast<const sockaddr*>(&endpoint.address);
  if (::bind(socket.number(), address, endpoint.size) != 0) return base::Error{errno, "bind"};
  if (::listen(socket.number(), 1) != 0) return base::Error{errno, "listen"};
  return socket;
}

/// Tells whether the kernel has no IPv6 at all, or has it switched off.
bool is_lack_of_ipv6(int code) { return code == EAFNOSUPPORT || code == EADDRNOTAVAIL; }

}  // namespace

std::vector<std::string> resolve_listen_addresses(const std::vector<base::Address>& addresses) {
  std::vector<std::string> spellings;
  // Keeps all open to the end, so that an address given twice is found.
  std::vector<base::Fd> sockets;
  for (const auto& address : addresses) {
    const bool is_any = address.host.empty();
    auto endpoint = look_up(address, is_any ? "::" : address.host);
    auto socket = try_listen(endpoint);
    if (!socket && is_any && is_lack_of_ipv6(socket.error().code)) {
      endpoint = look_up(address, "0.0.0.0");
      socket = try_listen(endpoint);
    }
    if (!socket) fail(address, socket.error().code);
    sockets.push_back(std::move(*socket));
    spellings.push_back(std::move(endpoint.spelling));
  }
  return spellings;
}

}  // namespace cgroup2::http
