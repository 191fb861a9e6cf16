// SPDX-License-Identifier: Apache-2.0
// health_check_test.cpp asks whole servers.
#include "http/tls_question.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <csignal>
#include <string>
#include <thread>

#include "base/fd.h"
#include "unit/http/handshake.h"

namespace cgroup2::http {
namespace {

constexpr auto request = "GET / HTTP/1.1\r\n\r\n";

class TlsQuestion : public testing::Test {
 protected:
  TlsQuestion() {
    ::signal(SIGPIPE,
             SIG_IGN);  // The server may have hung up before the client's question is written.
    std::array<int, 2> ends{};
    ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
    client_ = base::Fd(ends[0]);
    server_ = base::Fd(ends[1]);
    const auto identity = test::Authority().issue();
    config_.cert = identity.cert;
    config_.key = identity.key;
  }

  /// Serves one connection, which sends `text` and ends.
  TlsAnswer ask(const std::string& text) {
    std::thread serving([&] {
      const TlsContext context(config_);
      const test::Tls end(context.begin_connection(), &::SSL_free);
      ::SSL_set_fd(end.get(), server_.number());
      std::array<char, 256> buffer{};
      if (::SSL_accept(end.get()) == 1) {
        ::SSL_read(end.get(), buffer.data(), static_cast<int>(buffer.size()));
        if (!text.empty()) ::SSL_write(end.get(), text.data(), static_cast<int>(text.size()));
        ::SSL_shutdown(end.get());
      }
      server_ = {};
    });
    auto answer = ask_over_tls(client_.number(), request);
    serving.join();
    return answer;
  }

  base::Fd client_;
  base::Fd server_;
  config::TlsConfig config_;
};

TEST_F(TlsQuestion, ReturnsTheFirstLine) {
  const auto answer = ask("HTTP/1.1 200 OK\r\nDate: now\r\n\r\n");
  EXPECT_EQ(answer.line, "HTTP/1.1 200 OK");
  EXPECT_EQ(answer.problem, std::nullopt);
  EXPECT_FALSE(answer.needs_certificate);
}

TEST_F(TlsQuestion, CutsALineThatDoesNotEnd) { EXPECT_EQ(ask("half").line, "half"); }

TEST_F(TlsQuestion, BoundsALine) {
  const auto answer = ask(std::string(5000, 'x'));
  EXPECT_EQ(answer.line, std::string(128, 'x'));
}

TEST_F(TlsQuestion, SaysThatNothingCame) {
  const auto answer = ask("");
  EXPECT_EQ(answer.line, "");
  EXPECT_EQ(answer.problem, "the connection was closed");
}

TEST_F(TlsQuestion, TellsThatACertificateIsNeeded) {
  config_.client_auth = config::ClientAuth::require_any;
  EXPECT_TRUE(ask("HTTP/1.1 200 OK\r\n").needs_certificate);
}

}  // namespace
}  // namespace cgroup2::http
