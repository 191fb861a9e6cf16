// SPDX-License-Identifier: Apache-2.0
// Client: one TCP connection to a server on the loopback, for tests that need to send every byte
// themselves.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/fd.h"

namespace cgroup2::test {

class Client {
 public:
  explicit Client(int port, int family = AF_INET)
      : socket_(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    // Far longer than anything here takes: a test fails then instead of hanging.
    const timeval patience{30, 0};
    ::setsockopt(socket_.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_.number(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(static_cast<std::uint16_t>(port));
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = v4.sin_port;
    v6.sin6_addr = in6addr_loopback;
    const auto* address = family == AF_INET ? reinterpret_cast<const sockaddr*>(&v4)
                                            : reinterpret_cast<const sockaddr*>(&v6);
    const socklen_t size = family == AF_INET ? sizeof v4 : sizeof v6;
    if (::connect(socket_.number(), address, size) != 0) throw std::runtime_error("connect failed");
  }

  /// Of the socket.
  [[nodiscard]] int number() const { return socket_.number(); }

  /// Of this end of the connection.
  [[nodiscard]] int port() const {
    sockaddr_in own{};
    socklen_t size = sizeof own;
    ::getsockname(socket_.number(), reinterpret_cast<sockaddr*>(&own), &size);
    return ntohs(own.sin_port);
  }

  /// Sends all of it, unless the server closes first. Returns whether all went out.
  bool send(std::string_view text) const {
    while (!text.empty()) {
      const auto sent = ::send(socket_.number(), text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// No more will be sent.
  void finish() const { ::shutdown(socket_.number(), SHUT_WR); }

  /// Reads the head and as many bytes of body as Content-Length says; less if the server closes.
  std::string response(bool has_body = true) {
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!receive()) return take(buffer_.size());
    }
    end += 4;
    constexpr std::string_view field = "Content-Length: ";
    const auto at = buffer_.find(field);
    if (has_body && at < end) end += std::stoul(buffer_.substr(at + field.size()));
    while (buffer_.size() < end) {
      if (!receive()) break;
    }
    return take(end);
  }

  /// Everything up to the end of the connection.
  std::string rest() {
    while (receive()) {
    }
    return take(buffer_.size());
  }

  /// Whether the server ends the connection, within the patience above, without sending more.
  bool is_closed_by_server() { return !receive() && buffer_.empty() && !has_timed_out_; }

 private:
  bool receive() {
    char bytes[4096];
    const auto count = ::recv(socket_.number(), bytes, sizeof bytes, 0);
    if (count > 0) buffer_.append(bytes, static_cast<std::size_t>(count));
    has_timed_out_ = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    return count > 0;
  }

  std::string take(std::size_t size) {
    auto text = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return text;
  }

  base::Fd socket_;
  std::string buffer_;
  bool has_timed_out_ = false;
};

}  // namespace cgroup2::test
