// SPDX-License-Identifier: Apache-2.0
// ConnectedPair: both ends of a TCP connection, for tests of what the kernel knows about one.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <cstddef>
#include <string>
#include <thread>

#include "base/fd.h"

namespace cgroup2::test {

/// Both ends of a TCP connection on the loopback.
struct ConnectedPair {
  base::Fd client{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  base::Fd server;

  ConnectedPair() {
    const base::Fd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const plain = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(listener.number(), plain, size), 0);
    EXPECT_EQ(::listen(listener.number(), 1), 0);
    EXPECT_EQ(::getsockname(listener.number(), plain, &size), 0);
    EXPECT_EQ(::connect(client.number(), plain, size), 0);
    server = base::Fd(::accept(listener.number(), nullptr, nullptr));
  }

  // Sends until the client's kernel confirms no more. Returns the number of bytes.
  std::size_t fill() const {
    const std::string text(65536, 'x');
    std::size_t bytes = 0;
    // Longer than a kernel may wait before it confirms (TCP_DELACK_MAX: 40 ms, HZ permitting).
    for (auto before = bytes + 1; bytes != before;
         std::this_thread::sleep_for(std::chrono::milliseconds(100))) {
      before = bytes;
      for (ssize_t sent = 1; sent > 0;) {
        sent = ::send(server.number(), text.data(), text.size(), MSG_DONTWAIT);
        if (sent > 0) bytes += static_cast<std::size_t>(sent);
      }
    }
    return bytes;
  }

  // Returns the number of bytes that the client got. Sets errno where that ended with an error.
  [[nodiscard]] std::size_t read_to_end() const {
    std::string buffer(65536, ' ');
    std::size_t bytes = 0;
    for (ssize_t got = 1; got > 0;) {
      got = ::recv(client.number(), buffer.data(), buffer.size(), 0);
      if (got > 0) bytes += static_cast<std::size_t>(got);
    }
    return bytes;
  }

  [[nodiscard]] bool is_ended() const {
    char byte = 0;
    return ::recv(server.number(), &byte, 1, MSG_DONTWAIT | MSG_PEEK) == 0;
  }
};

}  // namespace cgroup2::test
