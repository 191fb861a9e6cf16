// SPDX-License-Identifier: Apache-2.0
#include "http/accept.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <optional>

#include "base/fd.h"
#include "unit/http/client.h"

namespace cgroup2::http {
namespace {

using namespace std::chrono_literals;

class Accept : public testing::Test {
 protected:
  Accept() : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_.number(), reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_.number(), 8);
  }

  [[nodiscard]] int port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(listener_.number(), reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }

  int accept() {
    sockaddr_in6 address{};
    socklen_t size = sizeof address;
    return accept_client(connections_, listener_.number(), reinterpret_cast<sockaddr*>(&address),
                         &size);
  }

  base::Fd listener_;
  Connections connections_{{.max_count = 8, .max_per_client = 1}};
};

TEST_F(Accept, TakesAClient) {
  const test::Client client(port());
  const base::Fd socket(accept());
  EXPECT_TRUE(socket.is_open());
  EXPECT_NE(connections_.begin_answer(socket.number()), 0U);
  connections_.remove(socket.number());
}

TEST_F(Accept, BoundsWhatTheKernelKeepsForAClient) {
  const test::Client client(port());
  const base::Fd socket(accept());
  int bytes = 0;
  socklen_t size = sizeof bytes;
  ASSERT_EQ(::getsockopt(socket.number(), SOL_SOCKET, SO_SNDBUF, &bytes, &size), 0);
  EXPECT_LE(bytes, 512 * 1024);
  ASSERT_EQ(::getsockopt(socket.number(), SOL_SOCKET, SO_RCVBUF, &bytes, &size), 0);
  EXPECT_LE(bytes, 64 * 1024);
  connections_.remove(socket.number());
}

TEST_F(Accept, ClosesWhatHasNoPlace) {
  test::Client first(port());
  const base::Fd socket(accept());
  connections_.begin_answer(socket.number());  // so it does not give way
  test::Client second(port());
  EXPECT_EQ(accept(), -1);
  EXPECT_EQ(errno, ECONNABORTED);
  EXPECT_TRUE(second.is_closed_by_server());
  connections_.remove(socket.number());
}

TEST_F(Accept, ReturnsAtOnceWithoutAClient) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(accept(), -1);
  EXPECT_EQ(errno, EAGAIN);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 40ms);
}

TEST_F(Accept, PausesWithoutAFreeDescriptor) {
  const test::Client client(port());
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{0, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none);
  const auto start = std::chrono::steady_clock::now();
  const int socket = accept();
  const auto waited = std::chrono::steady_clock::now() - start;
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(socket, -1);
  EXPECT_GE(waited, 50ms);
  const base::Fd later(accept());
  EXPECT_TRUE(later.is_open());
  connections_.remove(later.number());
}

}  // namespace
}  // namespace cgroup2::http
