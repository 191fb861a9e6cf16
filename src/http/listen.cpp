// SPDX-License-Identifier: Apache-2.0
#include "http/listen.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <system_error>

#include "base/fd.h"
#include "base/result.h"

namespace cgroup2::http {
namespace {

/// The parts of "host:port", "[v6]:port" and ":port".
struct Address {
  std::string host;  ///< without brackets; empty for every interface
  std::string port;
  bool has_brackets = false;
};

/// What bind() takes, and the same in the spelling of CivetWeb.
struct Endpoint {
  sockaddr_storage address{};
  socklen_t size = 0;
  bool is_dual_stack = false;
  std::string spelling;
};

[[noreturn]] void fail(const std::string& address, const std::string& reason) {
  throw std::runtime_error("cannot listen on " + address + ": " + reason);
}

[[noreturn]] void fail(const std::string& address, int code) {
  fail(address, std::generic_category().message(code));
}

bool is_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size();
}

std::optional<Address> parse(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || !is_port(text.substr(colon + 1))) return std::nullopt;
  auto host = text.substr(0, colon);
  const bool has_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (has_brackets) host = host.substr(1, host.size() - 2);
  if (host.find_first_of("[]") != std::string_view::npos) return std::nullopt;
  // An IPv6 address without brackets: its last group would be taken for the port.
  if (!has_brackets && host.find(':') != std::string_view::npos) return std::nullopt;
  return Address{std::string(host), std::string(text.substr(colon + 1)), has_brackets};
}

/// Looks `host` up, or throws. `text` is the address as the user wrote it.
Endpoint look_up(const std::string& text, const std::string& host, const Address& address) {
  addrinfo hints{};
  hints.ai_family = address.has_brackets ? AF_INET6 : AF_UNSPEC;
  hints.ai_flags = AI_NUMERICSERV | (address.has_brackets ? AI_NUMERICHOST : 0);
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = ::getaddrinfo(host.c_str(), address.port.c_str(), &hints, &list);
  if (error == EAI_SYSTEM) fail(text, errno);
  if (error != 0) fail(text, ::gai_strerror(error));
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
    fail(text, ::gai_strerror(code));
  }
  Endpoint endpoint;
  std::memcpy(&endpoint.address, chosen->ai_addr, chosen->ai_addrlen);
  endpoint.size = chosen->ai_addrlen;
  const bool is_v6 = chosen->ai_family == AF_INET6;
  const std::string name = number.data();
  endpoint.spelling = (is_v6 ? "[" + name + "]" : name) + ":" + address.port;
  if (is_v6 && name == "::") {
    endpoint.is_dual_stack = true;
    endpoint.spelling = "+" + address.port;
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

/// Whether the kernel has no IPv6 at all, or has it switched off.
bool is_lack_of_ipv6(int code) { return code == EAFNOSUPPORT || code == EADDRNOTAVAIL; }

}  // namespace

std::vector<std::string> resolve_listen_addresses(const std::vector<std::string>& addresses) {
  std::vector<std::string> spellings;
  // All stay open to the end, so that an address given twice is found.
  std::vector<base::Fd> sockets;
  for (const auto& text : addresses) {
    const auto address = parse(text);
    if (!address) fail(text, "not of the form host:port, [v6]:port or :port");
    const bool is_any = address->host.empty();
    auto endpoint = look_up(text, is_any ? "::" : address->host, *address);
    auto socket = try_listen(endpoint);
    if (!socket && is_any && is_lack_of_ipv6(socket.error().code)) {
      endpoint = look_up(text, "0.0.0.0", *address);
      socket = try_listen(endpoint);
    }
    if (!socket) fail(text, socket.error().code);
    sockets.push_back(std::move(*socket));
    spellings.push_back(std::move(endpoint.spelling));
  }
  return spellings;
}

}  // namespace cgroup2::http
