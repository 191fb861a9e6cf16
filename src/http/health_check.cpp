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
#include "base/result.h"
#include "http/tls_question.h"

namespace cgroup2::http {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

std::string message(int code) {
  // Names the two that a socket returns when SO_RCVTIMEO or SO_SNDTIMEO has passed.
  if (code == EAGAIN || code == EINPROGRESS) return "timed out";
  return std::generic_category().message(code);
}

/// Receives the first line of the answer into `line`, which may be cut off. Returns 0 or errno.
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

/// Returns a connected socket, on which each operation may take `timeout`.
base::Result<base::Fd> connect_to(const addrinfo& address, std::chrono::milliseconds timeout) {
  base::Fd socket(::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return base::Error{errno, "socket"};
  const auto seconds = std::chrono::floor<std::chrono::seconds>(timeout);
  const timeval limit{
      .tv_sec = static_cast<time_t>(seconds.count()),
      .tv_usec = static_cast<suseconds_t>(
          std::chrono::duration_cast<std::chrono::microseconds>(timeout - seconds).count())};
  ::setsockopt(socket.number(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  ::setsockopt(socket.number(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  if (::connect(socket.number(), address.ai_addr, address.ai_addrlen) != 0)
    return base::Error{errno, "connect"};
  return socket;
}

/// Sends the request and returns the first line of the answer.
base::Result<std::string> exchange(const base::Fd& socket, std::string_view request) {
  if (::send(socket.number(), request.data(), request.size(), MSG_NOSIGNAL) < 0)
    return base::Error{errno, "send"};
  std::string line;
  if (const int code = read_line(socket.number(), line); code != 0)
    return base::Error{code, "recv"};
  return line;
}

std::optional<std::string> problem_of_answer(const std::string& line) {
  constexpr std::array healthy{"HTTP/1.1 200 ", "HTTP/1.1 401 ", "HTTP/1.1 429 "};
  if (std::ranges::any_of(healthy, [&](const char* start) { return line.starts_with(start); }))
    return std::nullopt;
  return line.empty() ? "the connection was closed without an answer" : "it answered: " + line;
}

std::optional<std::string> ask(const addrinfo& address, std::chrono::milliseconds timeout,
                               HealthScheme scheme) {
  constexpr std::string_view request =
      "GET /-/healthy HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  const auto socket = connect_to(address, timeout);
  if (!socket) return message(socket.error().code);
  if (scheme == HealthScheme::https) {
    const auto answer = ask_over_tls(socket->number(), request);
    if (answer.needs_certificate) return std::nullopt;
    return answer.problem ? answer.problem : problem_of_answer(answer.line);
  }
  const auto line = exchange(*socket, request);
  return line ? problem_of_answer(*line) : message(line.error().code);
}

}  // namespace

std::optional<std::string> health_problem(const base::Address& address,
                                          std::chrono::milliseconds timeout, HealthScheme scheme) {
  const auto fail = [&](const std::string& reason) {
    return to_string(address) + " is not healthy: " + reason;
  };
  if (address.port == 0) return fail("port 0 stands for any free port; the port in use is unknown");
  const auto port = std::to_string(address.port);
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = ::getaddrinfo(address.host.empty() ? nullptr : address.host.c_str(),
                                  port.c_str(), &hints, &list);
  if (error != 0) return fail(::gai_strerror(error));
  const Addresses owner(list, &::freeaddrinfo);
  std::optional<std::string> problem;
  for (const addrinfo* one = list; one != nullptr; one = one->ai_next) {
    problem = ask(*one, timeout, scheme);
    if (!problem) return std::nullopt;
  }
  return fail(problem.value_or("the host has no address"));
}

}  // namespace cgroup2::http
