// SPDX-License-Identifier: Apache-2.0
// What a careless or hostile client cannot do to the server, and how the server stops. The time
// bounds are generous: they tell a wait that ends from one that does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "http/middleware.h"
#include "http/router.h"
#include "http/server.h"
#include "support/log.h"
#include "unit/http/client.h"
#include "unit/http/counts_tcp.h"

namespace cgroup2::http {
namespace {

using namespace std::chrono_literals;
using test::Client;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

Response hello(const Request&) {
  Response response;
  response.body = "hello";
  return response;
}

/// A server with short timeouts and two connections at once.
class ServerSafety : public testing::Test {
 protected:
  test::RecordingLog log_;
  Server server_{ServerOptions{.listen_addresses = {{"127.0.0.1", 0}},
                               .max_connections = 8,
                               .request_timeout = 300ms,
                               .idle_timeout = 300ms},
                 hello, log_};

  Client client() { return Client(server_.ports().front()); }

  void expect_alive() {
    auto client = this->client();
    client.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(client.rest(), HasSubstr("\r\n\r\nhello"));
  }
};

TEST_F(ServerSafety, RefusesGarbage) {
  const std::vector<std::string> rows = {
      std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),  // a TLS handshake
      std::string(3000, '\0'),
      "\r\n\r\n\r\n\r\n",
      "GET\r\n\r\n",
      "GET /\r\n\r\n",
      "GET / \r\n\r\n",
      "GET / FTP/1.1\r\n\r\n",
      "GET metrics HTTP/1.1\r\n\r\n",
      "GET /\xff HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nno colon\r\n\r\n",
      "GET / HTTP/1.1\r\nA: b\rc\r\n\r\n",
      "FETCH / HTTP/1.1\r\n\r\n",
      "TRACE / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
      "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
      "GET / HTTP/1.1\r\nTransfer-Encoding: rot13\r\n\r\n",
  };
  for (const auto& row : rows) {
    auto client = this->client();
    client.send(row);
    client.finish();
    EXPECT_THAT(client.rest(), StartsWith("HTTP/1.1 4")) << testing::PrintToString(row);
  }
  expect_alive();
}

TEST_F(ServerSafety, SpeaksNoOtherVersionOfHttp) {
  for (const auto* version : {"0.9", "2.0", "9.9", "1.1x"}) {
    auto client = this->client();
    client.send("GET / HTTP/" + std::string(version) + "\r\n\r\n");
    EXPECT_THAT(client.rest(), StartsWith("HTTP/1.1 505 HTTP Version")) << version;
  }
}

TEST(ServerConnections, EndThoseThatSendNothing) {
  if (!test::counts_tcp()) GTEST_SKIP() << "tcp_info has no received bytes here";
  test::RecordingLog log;
  const Server server(
      ServerOptions{.listen_addresses = {{"127.0.0.1", 0}}, .first_byte_timeout = 100ms}, hello,
      log);
  Client silent(server.ports().front());
  EXPECT_TRUE(silent.is_closed_by_server());
}

TEST(ServerConnections, GiveAPlaceToWhoComesWhenAllWait) {
  test::RecordingLog log;
  const Server server(ServerOptions{.listen_addresses = {{"127.0.0.1", 0}}, .max_connections = 3},
                      hello, log);
  std::vector<std::unique_ptr<Client>> waiting;
  for (int i = 0; i < 20; ++i) {
    waiting.push_back(std::make_unique<Client>(server.ports().front()));
    waiting.back()->send("GET / HT");
  }
  Client client(server.ports().front());
  client.send("GET / HTTP/1.1\r\n\r\n");
  const auto answer = client.response();
  EXPECT_THAT(answer, HasSubstr("\r\n\r\nhello"));
  EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n")) << "threads are short";
}

TEST_F(ServerSafety, RefusesAHeadThatIsTooLarge) {
  auto client = this->client();
  // Exactly what the server takes, so that nothing unread turns its answer into a reset.
  const std::string start = "GET / HTTP/1.1\r\nX: ";
  client.send(start + std::string(16384 - start.size(), 'x'));
  EXPECT_THAT(client.rest(), StartsWith("HTTP/1.1 400 "));
  expect_alive();
}

// CivetWeb redirects such a request, if it serves files, and wrote beyond the new target
// (CVE-2025-55763).
TEST_F(ServerSafety, RedirectsNoTargetOfManySlashes) {
  for (const std::size_t size : {1U, 2U, 4096U, 8000U, 16300U}) {
    for (const std::size_t query : {0U, 1U, 4096U, 8000U}) {
      if (size + query > 16300) continue;  // the head would be too large
      auto client = this->client();
      client.send("GET " + std::string(size, '/') + (query == 0 ? "" : "?") +
                  std::string(query, '/') + " HTTP/1.1\r\nConnection: close\r\n\r\n");
      EXPECT_THAT(client.rest(), StartsWith("HTTP/1.1 200 ")) << size << " " << query;
    }
  }
  expect_alive();
}

TEST_F(ServerSafety, RefusesFieldsBeyondThoseItSees) {
  const auto status_of = [this](int count) {
    auto client = this->client();
    std::string request = "POST / HTTP/1.1\r\n";
    for (int i = 0; i < count; ++i) request += "A: b\r\n";
    client.send(request + "Content-Length: 24\r\n\r\n");
    client.send("GET /inner HTTP/1.1\r\nA: b");  // is the body
    return client.response(false).substr(0, 12);
  };
  EXPECT_EQ(status_of(62), "HTTP/1.1 200");
  EXPECT_EQ(status_of(64), "HTTP/1.1 431") << "the length is one of those that are left out";
  EXPECT_EQ(status_of(1000), "HTTP/1.1 431");
  expect_alive();
}

TEST_F(ServerSafety, RefusesABodyThatIsTooLargeOrOfUnknownLength) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"Content-Length: 8193", "HTTP/1.1 413 "},
      {"Content-Length: 9223372036854775807", "HTTP/1.1 413 "},
      {"Content-Length: 99999999999999999999999", "HTTP/1.1 413 "},
      {"Transfer-Encoding: chunked", "HTTP/1.1 411 "},
      {"Content-Length: 5\r\nTransfer-Encoding: chunked", "HTTP/1.1 400 "},
  };
  for (const auto& [field, status] : rows) {
    auto client = this->client();
    client.send("POST / HTTP/1.1\r\n" + field + "\r\n\r\n");
    const auto response = client.rest();
    EXPECT_THAT(response, StartsWith(status)) << field;
    EXPECT_THAT(response, HasSubstr("\r\nConnection: close\r\n")) << field;
  }
  expect_alive();
}

TEST_F(ServerSafety, DropsClientsThatDoNotSend) {
  std::vector<std::unique_ptr<Client>> clients;
  for (const auto* text : {"", "GET / HTTP/1.1\r\nHo", "", "GET"}) {
    clients.push_back(std::make_unique<Client>(server_.ports().front()));
    clients.back()->send(text);
  }
  expect_alive();  // though twice as many as there are threads came first
  for (auto& client : clients) {
    EXPECT_THAT(client->rest(), AnyOf(IsEmpty(), StartsWith("HTTP/1.1 400 ")));
  }
}

TEST_F(ServerSafety, DropsClientsThatSendByTheDrop) {
  for (const std::string start :
       {"GET / HTTP/1.1\r\nX: ", "POST / HTTP/1.1\r\nContent-Length: 8000\r\n\r\n"}) {
    auto client = this->client();
    client.send(start);
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (client.send("x") && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(50ms);
    }
    EXPECT_LT(std::chrono::steady_clock::now(), end) << start;
  }
  expect_alive();
}

TEST_F(ServerSafety, ClosesAnIdleConnection) {
  auto client = this->client();
  client.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_THAT(client.response(), HasSubstr("\r\nConnection: keep-alive\r\n"));
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(ServerWrite, KeepsARequestInFlightUntilItsBodyIsSent) {
  test::RecordingLog log;
  const auto endless = [](const Request&) {
    Response response;
    response.body = [](const base::Sink& sink) {
      while (sink(std::string(100'000, 'x'))) {
      }
    };
    return response;
  };
  const Server server(
      ServerOptions{
          .listen_addresses = {{"127.0.0.1", 0}}, .max_connections = 8, .request_timeout = 2s},
      make_router({{"/endless", {"GET"}, limit_in_flight({1, 0}, endless)}, {"/", {"GET"}, hello}}),
      log);
  const auto status_of = [&](const std::string& what) {
    Client client(server.ports().front());
    client.send(what + " HTTP/1.1\r\nConnection: close\r\n\r\n");
    return client.response(false).substr(0, 12);
  };
  {
    Client lazy(server.ports().front());
    lazy.send("GET /endless HTTP/1.1\r\n\r\n");
    EXPECT_THAT(lazy.response(false), StartsWith("HTTP/1.1 200 "));  // and reads no further
    EXPECT_EQ(status_of("GET /endless"), "HTTP/1.1 503");
    EXPECT_EQ(status_of("GET /"), "HTTP/1.1 200");
  }
  while (status_of("HEAD /endless") != "HTTP/1.1 200") std::this_thread::yield();
  while (status_of("HEAD /endless") != "HTTP/1.1 200") std::this_thread::yield();
}

/// A handler that says when it was entered and waits until it may return.
struct SlowHandler {
  std::promise<void> entered;
  std::promise<void> may_return;

  Response operator()(const Request& request) {
    if (request.path == "/slow") {
      entered.set_value();
      may_return.get_future().wait();
    }
    return hello(request);
  }
};

TEST(ServerStop, LetsASlowAnswerNotBlockOthers) {
  test::RecordingLog log;
  SlowHandler slow;
  const Server server(ServerOptions{.listen_addresses = {{"127.0.0.1", 0}}, .max_connections = 2},
                      std::ref(slow), log);
  Client waiting(server.ports().front());
  waiting.send("GET /slow HTTP/1.1\r\nConnection: close\r\n\r\n");
  slow.entered.get_future().wait();
  Client other(server.ports().front());
  other.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(other.rest(), HasSubstr("\r\n\r\nhello"));
  slow.may_return.set_value();
  EXPECT_THAT(waiting.rest(), HasSubstr("\r\n\r\nhello"));
}

TEST(ServerStop, FinishesWhatIsBeingAnswered) {
  test::RecordingLog log;
  SlowHandler slow;
  auto server = std::make_unique<Server>(ServerOptions{.listen_addresses = {{"127.0.0.1", 0}}},
                                         std::ref(slow), log);
  Client waiting(server->ports().front());
  waiting.send("GET /slow HTTP/1.1\r\n\r\n");
  slow.entered.get_future().wait();
  std::thread stopper([&] { server.reset(); });
  std::this_thread::sleep_for(100ms);  // the stop has begun in most runs; the test holds in all
  slow.may_return.set_value();
  EXPECT_THAT(waiting.rest(), HasSubstr("\r\n\r\nhello"));
  stopper.join();
}

TEST(ServerStop, ClosesIdleConnectionsSoon) {
  test::RecordingLog log;
  auto server = std::make_unique<Server>(
      ServerOptions{.listen_addresses = {{"127.0.0.1", 0}}, .idle_timeout = 60s}, hello, log);
  Client idle(server->ports().front());
  idle.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_THAT(idle.response(), HasSubstr("\r\n\r\nhello"));
  Client silent(server->ports().front());
  const auto begin = std::chrono::steady_clock::now();
  server.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 8s);
  EXPECT_TRUE(idle.is_closed_by_server());
}

TEST(ServerStop, FreesThePort) {
  test::RecordingLog log;
  base::Address address{"127.0.0.1", 0};
  for (int i = 0; i < 2; ++i) {
    const Server server(ServerOptions{.listen_addresses = {address}}, hello, log);
    const int port = server.ports().front();
    address.port = port;
    Client client(port);
    client.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(client.rest(), HasSubstr("\r\n\r\nhello"));
  }
}

}  // namespace
}  // namespace cgroup2::http
