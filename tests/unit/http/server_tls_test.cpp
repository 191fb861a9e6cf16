// SPDX-License-Identifier: Apache-2.0
// What clients see of a server of TLS, and what they cannot do to it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "http/server.h"
#include "support/log.h"
#include "unit/http/client.h"
#include "unit/http/tls_client.h"

namespace cgroup2::http {
namespace {

using namespace std::chrono_literals;
using test::Client;
using test::TlsClient;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr auto request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

// The first bytes of a handshake, of which more has to follow.
const std::string half_hello("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);

/// Waits until it is so, for longer than anything here takes.
template <typename Condition>
bool becomes_true(const Condition& condition) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

class ServerTls : public testing::Test {
 protected:
  ServerTls() { set_identity("first"); }

  void set_identity(const std::string& common_name) {
    const auto identity = authority_.issue({.common_name = common_name});
    config_.cert = identity.cert;
    config_.key = identity.key;
  }

  /// Of two connections at once, with short timeouts.
  Server& start(const Handler& handler, unsigned max_connections = 2) {
    tls_ = std::make_shared<TlsContext>(config_);
    server_ = std::make_unique<Server>(ServerOptions{.listen_addresses = {{"127.0.0.1", 0}},
                                                     .max_connections = max_connections,
                                                     .request_timeout = TIME_FACTOR * 400ms,
                                                     .idle_timeout = TIME_FACTOR * 400ms,
                                                     .first_byte_timeout = TIME_FACTOR * 200ms,
                                                     .tls = tls_},
                                       handler, log_);
    return *server_;
  }

  [[nodiscard]] int port() const { return server_->ports().front(); }

  Response answer(const Request& asked) {
    ++answered_;
    return plain_text(200, asked.path + " " + asked.peer.host);
  }

  Server& start() {
    return start([this](const Request& asked) { return answer(asked); });
  }

  void expect_alive() const {
    TlsClient client(port());
    EXPECT_TRUE(client.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n"));
    EXPECT_THAT(client.rest(), StartsWith("HTTP/1.1 200 "));
  }

  test::Authority authority_;
  config::TlsConfig config_;
  test::RecordingLog log_;
  std::atomic<int> answered_ = 0;
  std::shared_ptr<TlsContext> tls_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTls, AnswersAndKeepsTheConnection) {
  start([this](const Request& asked) { return answer(asked); }, 8);
  TlsClient client(port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.send(request));
    const auto response = client.response();
    EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(response, HasSubstr("\r\nConnection: keep-alive\r\n"));
    EXPECT_THAT(response, HasSubstr("\r\n\r\n/ 127.0.0.1"));
  }
  EXPECT_EQ(tls_->handshake_errors(), 0U);
}

TEST_F(ServerTls, SendsWhatIsLargerThanTheSocketsBuffers) {
  std::string body;
  for (int i = 0; body.size() < 20'000'000; ++i) body += std::to_string(i) + "\n";
  start([&](const Request&) {
    Response response;
    response.body = body;
    return response;
  });
  TlsClient client(port());
  ASSERT_TRUE(client.send(request));
  const auto response = client.response();
  EXPECT_TRUE(response.ends_with("\r\n\r\n" + body)) << response.size();
}

TEST_F(ServerTls, ReadsARequestOfManyRecords) {
  start();
  TlsClient client(port());
  const std::string text = "GET /many HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
  for (const char byte : text) ASSERT_TRUE(client.send({&byte, 1}));
  EXPECT_THAT(client.rest(), HasSubstr("\r\n\r\n/many"));
}

TEST_F(ServerTls, ServesAReplacedCertificate) {
  start();
  EXPECT_EQ(TlsClient(port()).common_name(), "first");
  set_identity("second");
  tls_->replace(config_);
  EXPECT_EQ(TlsClient(port()).common_name(), "second");
}

TEST_F(ServerTls, ClosesPlainHttpAndSaysSo) {
  start();
  Client client(port());
  client.send(request);
  EXPECT_THAT(client.rest(), Not(HasSubstr("HTTP")));
  EXPECT_TRUE(becomes_true([&] { return tls_->handshake_errors() == 1; }));
  EXPECT_THAT(log_.lines(),
              Contains(Field(&test::RecordingLog::Line::text,
                             "TLS handshake failed client=127.0.0.1 problem=http request")));
  EXPECT_EQ(answered_, 0);
  expect_alive();
}

TEST_F(ServerTls, RefusesAClientWithoutCertificateAndSaysWhy) {
  config_.client_ca = authority_.cert();
  config_.client_auth = config::ClientAuth::require_and_verify;
  start();
  TlsClient nobody(port(), {.max_version = TLS1_2_VERSION});
  EXPECT_FALSE(nobody.is_connected());
  TlsClient somebody(port(), {.identity = authority_.issue()});
  ASSERT_TRUE(somebody.send(request));
  EXPECT_THAT(somebody.response(), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(tls_->handshake_errors(), 1U);
  EXPECT_EQ(answered_, 1);
  EXPECT_THAT(log_.lines(),
              Contains(Field(&test::RecordingLog::Line::text,
                             "TLS handshake failed client=127.0.0.1 problem=peer did not return a "
                             "certificate"))
                  .Times(1));
}

// A request for another host is answered when the connection closes; CivetWeb keeps it until the
// thread has another one.
TEST_F(ServerTls, AnswersNoOldRequestAfterAHandshakeThatFails) {
  start();
  constexpr int threads = 10;
  for (int i = 0; i < 2 * threads; ++i) {
    TlsClient client(port());
    ASSERT_TRUE(client.send("GET http://other.example/ HTTP/1.1\r\nHost: x\r\n\r\n"));
    ASSERT_THAT(client.rest(), StartsWith("HTTP/1.1 200 "));
  }
  EXPECT_EQ(answered_, 2 * threads);
  for (int i = 0; i < 2 * threads; ++i) {
    Client client(port());
    client.send(request);
    EXPECT_THAT(client.rest(), Not(HasSubstr("HTTP")));
  }
  EXPECT_EQ(answered_, 2 * threads);
}

TEST_F(ServerTls, EndsAConnectionThatSendsNothing) {
  start();
  Client client(port());
  EXPECT_TRUE(client.is_closed_by_server());
  EXPECT_TRUE(becomes_true([&] { return tls_->handshake_errors() == 1; }));
}

TEST_F(ServerTls, EndsAHandshakeThatDoesNotGoOn) {
  start();
  Client client(port());
  client.send(half_hello);
  EXPECT_THAT(client.rest(), Not(HasSubstr("HTTP")));
  EXPECT_TRUE(becomes_true([&] { return tls_->handshake_errors() == 1; }));
  EXPECT_THAT(log_.lines(),
              Contains(Field(&test::RecordingLog::Line::text,
                             "TLS handshake failed client=127.0.0.1 problem=it did not end in "
                             "time")));
  expect_alive();
}

TEST_F(ServerTls, EndsAHandshakeThatComesByTheDrop) {
  start();
  Client client(port());
  client.send(half_hello);
  const auto start = std::chrono::steady_clock::now();
  while (client.send(std::string(1, '\0')) && std::chrono::steady_clock::now() < start + 20s)
    std::this_thread::sleep_for(20ms);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
  EXPECT_TRUE(becomes_true([&] { return tls_->handshake_errors() == 1; }));
}

TEST_F(ServerTls, EndsAConnectionWithoutARequestAfterTheHandshake) {
  start();
  TlsClient client(port());
  ASSERT_TRUE(client.is_connected());
  EXPECT_THAT(client.rest(), Not(HasSubstr("200")));
  EXPECT_EQ(tls_->handshake_errors(), 0U);
}

TEST_F(ServerTls, EndsAConnectionThatSendsOnlyMessagesOfTls) {
  start();
  TlsClient client(port(), {.min_version = TLS1_3_VERSION});
  ASSERT_TRUE(client.is_connected());
  const auto start = std::chrono::steady_clock::now();
  while (client.update_key() && std::chrono::steady_clock::now() < start + 20s) {
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
}

TEST_F(ServerTls, LetsHandshakesGiveWay) {
  start();
  std::vector<std::unique_ptr<Client>> waiting;
  for (int i = 0; i < 20; ++i) {
    waiting.push_back(std::make_unique<Client>(port()));
    waiting.back()->send(half_hello);
  }
  const auto start = std::chrono::steady_clock::now();
  expect_alive();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 2s) << "18 of 20 gave way at once";
}

TEST_F(ServerTls, EndsAnAnswerThatNobodyTakes) {
  std::atomic<bool> is_over = false;
  start([&](const Request&) {
    Response response;
    response.body = std::string(50'000'000, 'x');
    response.held.push_back(std::shared_ptr<void>(nullptr, [&](void*) { is_over = true; }));
    return response;
  });
  const TlsClient client(port());
  ASSERT_TRUE(client.send(request));
  EXPECT_TRUE(becomes_true([&] { return is_over.load(); }));
}

TEST_F(ServerTls, HangsUpOnAClientThatTakesNothing) {
  std::atomic<bool> is_over = false;
  std::function<bool(std::chrono::milliseconds)> hang_up;
  std::atomic<bool> is_set = false;
  start([&](const Request& asked) {
    hang_up = asked.hang_up;
    is_set = true;
    Response response;
    response.body = std::string(50'000'000, 'x');
    response.held.push_back(std::shared_ptr<void>(nullptr, [&](void*) { is_over = true; }));
    return response;
  });
  const TlsClient client(port());
  ASSERT_TRUE(client.send(request));
  ASSERT_TRUE(becomes_true([&] { return is_set.load(); }));
  EXPECT_TRUE(becomes_true([&] { return is_over || hang_up(100ms); }));
  EXPECT_TRUE(becomes_true([&] { return is_over.load(); }));
}

TEST_F(ServerTls, StopsWhileHandshakesWait) {
  start();
  Client client(port());
  client.send(half_hello);
  std::this_thread::sleep_for(50ms);
  const auto start = std::chrono::steady_clock::now();
  server_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 5s);
}

}  // namespace
}  // namespace cgroup2::http
