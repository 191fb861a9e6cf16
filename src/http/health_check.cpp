// SPDX-License-Identifier: Apache-2.0
#include "http/health_check.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <string_view>
#include <system_error>

#include "base/fd.h"

namespace cgroup2::http {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

std::string message(int code) {
  // What a socket says whose SO_RCVTIMEO or SO_SNDTIMEO has passed.
  if (code == EAGAIN || code == EINPROGRESS) return "no answer in time";
  return std::generic_category().message(code);
}

/// Fills the rest of the first line of the answer; 0 or errno. The line may be cut off.
int read_line(int socket, std::string& line) {
  std::array<char, 128> buffer;
  while (line.find('\n') == std::string::npos && line.size() < buffer.size()) {
    const auto count = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (count < 0) return errno;
    if (count == 0) break;
    line.append(buffer.data(), static_cast<std::size_t>(count));
  }
  line.resize(std::min(line.find_first_of("\r\n"), line.size()));
  return 0;
}

std::optional<std::string> ask(const addrinfo& address, std::chrono::milliseconds patience) {
  const base::Fd socket(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return message(errno);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(patience);
  const timeval limit{
      .tv_sec = static_cast<time_t>(seconds.count()),
      .tv_usec = static_cast<suseconds_t>(
          std::chrono::duration_cast<std::chrono::microseconds>(patience - seconds).count())};
  ::setsockopt(socket.number(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  ::setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (::connect(socket.number(), address.ai_addr, address.ai_addrlen) != 0) return message(errno);

  constexpr std::string_view request =
      "GET /-/healthy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  if (::send(socket.number(), request.data(), request.size(), MSG_NOSIGNAL) < 0)
    return message(errno);
  std::string line;
  if (const int code = read_line(socket.number(), line); code != 0) return message(code);
  if (line.starts_with("HTTP/1.1 200 ")) return std::nullopt;
  return line.empty() ? "it closed the connection" : "it said: " + line;
}

}  // namespace

std::optional<std::string> health_problem(const std::string& address,
                                          std::chrono::milliseconds patience) {
  const auto fail = [&](const std::string& reason) {
    return address + " is not healthy: " + reason;
  };
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) return fail("no port");
  const std::string port = address.substr(colon + 1);
  if (port == "0") return fail("port 0 is any free port, and which one is not known");
  std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);

  addrinfo hints{};
  hints.ai_flags = AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error =
      ::getaddrinfo(host.empty() ? nullptr : host.c_str(), port.c_str(), &hints, &list);
  if (error != 0) return fail(::gai_strerror(error));
  const Addresses owner(list, &::freeaddrinfo);
  std::optional<std::string> problem;
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    problem = ask(*one, patience);
    if (!problem) return std::nullopt;
  }
  return fail(problem.value_or("it has no address"));
}

}  // namespace cgroup2::http
