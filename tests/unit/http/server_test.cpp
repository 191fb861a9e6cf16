// SPDX-License-Identifier: Apache-2.0
// What a well-behaved client sees of the server, and how it starts.
#include "http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <stdexcept>
#include <string>

#include "support/log.h"
#include "unit/http/client.h"

namespace cgroup2::http {
namespace {

using test::Client;
using testing::AnyOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Says what was asked.
Response echo(const Request& request) {
  Response response;
  std::string text = request.method + " " + request.path + " ?" + request.query;
  for (const auto* name : {"Accept", "Accept-Encoding", "X-Any"})
    text += std::string(" ") + name + "=" + std::string(request.headers.get(name));
  response.body = std::move(text);
  response.headers = {{"X-Extra", "yes"}};
  return response;
}

class ServerTest : public testing::Test {
 protected:
  test::RecordingLog log_;
  Server server_{ServerOptions{.listen_addresses = {{"127.0.0.1", 0}}}, echo, log_};

  Client client() { return Client(server_.ports().front()); }
};

std::string get(Client& client, const std::string& target, const std::string& fields = "") {
  client.send("GET " + target + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
  return client.response();
}

std::string problem(const base::Address& address) {
  test::RecordingLog log;
  try {
    const Server server(ServerOptions{.listen_addresses = {address}}, echo, log);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return {};
}

TEST(ServerStart, FailsWithTheReasonIfThePortIsInUse) {
  test::RecordingLog log;
  const Server first(ServerOptions{.listen_addresses = {{"127.0.0.1", 0}}}, echo, log);
  const base::Address address{"127.0.0.1", first.ports().front()};
  EXPECT_EQ(problem(address),
            "cannot listen on " + to_string(address) + ": Address already in use");
}

TEST(ServerStart, FailsWithTheReasonIfTheAddressIsOfAnotherHost) {
  EXPECT_EQ(problem({"192.0.2.1", 0}),
            "cannot listen on 192.0.2.1:0: Cannot assign requested address");
}

TEST(ServerStart, ListensOnEveryAddress) {
  test::RecordingLog log;
  const Server server(
      ServerOptions{.listen_addresses = {{"127.0.0.1", 0}, {"localhost", 0}, {"", 0}},
                    .max_connections = 2},
      echo, log);
  ASSERT_EQ(server.ports().size(), 3U);
  for (const int port : server.ports()) {
    Client client(port);
    EXPECT_THAT(get(client, "/", "Connection: close\r\n"), StartsWith("HTTP/1.1 200 OK\r\n"));
  }
}

TEST(ServerStart, TakesListenersOver) {
  test::RecordingLog log;
  std::vector<int> listeners;
  for (int i = 0; i < 2; ++i) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(socket, 8);
    listeners.push_back(socket);
  }
  const auto port_of = [](int socket) {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  };
  const std::vector<int> ports{port_of(listeners[0]), port_of(listeners[1])};
  const Server server(ServerOptions{.listen_addresses = {{"192.0.2.1", 1}},
                                    .inherited_listeners = listeners,
                                    .max_connections = 2},
                      echo, log);
  EXPECT_EQ(server.ports(), ports);
  for (const int port : ports) {
    Client client(port);
    EXPECT_THAT(get(client, "/", "Connection: close\r\n"), StartsWith("HTTP/1.1 200 OK\r\n"));
  }
}

TEST(ServerStart, ServesIPv6WhereTheHostHasIt) {
  const auto reason = problem({"::1", 0});
  if (reason.empty()) {
    test::RecordingLog log;
    const Server server(ServerOptions{.listen_addresses = {{"::1", 0}, {"", 0}}}, echo, log);
    for (const int port : server.ports()) {
      Client client(port, AF_INET6);
      EXPECT_THAT(get(client, "/"), StartsWith("HTTP/1.1 200 OK\r\n"));
    }
    Client mapped(server.ports().back());
    EXPECT_THAT(get(mapped, "/"), StartsWith("HTTP/1.1 200 OK\r\n"));
  } else {
    EXPECT_THAT(reason, AnyOf(StartsWith("cannot listen on [::1]:0: Address family not supported"),
                              StartsWith("cannot listen on [::1]:0: Cannot assign")));
  }
}

TEST_F(ServerTest, AnswersGet) {
  auto client = this->client();
  const auto response = get(client, "/metrics?a=b%20c", "Accept: text/plain\r\n");
  EXPECT_THAT(response, StartsWith("HTTP/1.1 200 OK\r\nDate: "));
  EXPECT_THAT(response, HasSubstr("\r\nContent-Type: text/plain; charset=utf-8\r\n"));
  EXPECT_THAT(response, HasSubstr("\r\nX-Extra: yes\r\n"));
  EXPECT_THAT(response, HasSubstr("\r\nConnection: keep-alive\r\n"));
  EXPECT_THAT(response,
              HasSubstr("\r\n\r\nGET /metrics ?a=b%20c Accept=text/plain Accept-Encoding="));
  EXPECT_THAT(response, Not(HasSubstr("Server:")));
}

TEST_F(ServerTest, AnswersHeadLikeGetWithoutTheBody) {
  auto client = this->client();
  client.send("HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n");
  const auto head = client.response(false);
  const std::string body = "HEAD /abc ? Accept= Accept-Encoding= X-Any=";
  EXPECT_THAT(head, HasSubstr("\r\nContent-Length: " + std::to_string(body.size()) + "\r\n"));
  EXPECT_THAT(get(client, "/"), StartsWith("HTTP/1.1 200 OK\r\n")) << "no body came between";
}

TEST_F(ServerTest, KeepsTheConnectionUnlessAskedToClose) {
  auto client = this->client();
  EXPECT_THAT(get(client, "/1"), HasSubstr("GET /1 ?"));
  EXPECT_THAT(get(client, "/2", "Connection: Keep-Alive\r\n"), HasSubstr("GET /2 ?"));
  const auto last = get(client, "/3", "Connection: close\r\n");
  EXPECT_THAT(last, HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(ServerTest, AnswersRequestsThatCameTogether) {
  auto client = this->client();
  client.send("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.0\r\n\r\n");
  const auto all = client.rest();
  EXPECT_LT(all.find("GET /1 ?"), all.find("GET /2 ?"));
  EXPECT_LT(all.find("GET /2 ?"), all.find("GET /3 ?"));
  EXPECT_THAT(all, HasSubstr("GET /3 ?"));
}

TEST_F(ServerTest, DropsTheBodyOfARequest) {
  auto client = this->client();
  client.send("POST /-/reload HTTP/1.1\r\nContent-Length: 8192\r\n\r\n" + std::string(8192, 'x'));
  EXPECT_THAT(client.response(), HasSubstr("\r\n\r\nPOST /-/reload ?"));
  EXPECT_THAT(get(client, "/next"), HasSubstr("GET /next ?"));
}

TEST_F(ServerTest, JoinsHeadersOfTheSameName) {
  auto client = this->client();
  EXPECT_THAT(get(client, "/",
                  "ACCEPT: a/b;q=0.5\r\nAccept-Encoding: br\r\naccept: c/d\r\n"
                  "accept-encoding: gzip\r\n"),
              HasSubstr("Accept=a/b;q=0.5, c/d Accept-Encoding=br, gzip"));
}

TEST_F(ServerTest, HandsAnyHeaderOver) {
  auto asking = client();
  EXPECT_THAT(get(asking, "/", "x-any: 2.5\r\n"), HasSubstr(" X-Any=2.5"));
}

TEST(Server, TellsWhoAsks) {
  test::RecordingLog log;
  const Server server(
      ServerOptions{.listen_addresses = {{"127.0.0.1", 0}, {"", 0}}},
      [](const Request& request) { return plain_text(200, to_string(request.peer)); }, log);
  Client client(server.ports().front());
  EXPECT_THAT(get(client, "/"), EndsWith("\r\n\r\n127.0.0.1:" + std::to_string(client.port())));
  Client mapped(server.ports().back());
  EXPECT_THAT(get(mapped, "/"),
              AnyOf(EndsWith("[::ffff:127.0.0.1]:" + std::to_string(mapped.port())),
                    EndsWith("127.0.0.1:" + std::to_string(mapped.port()))))
      << "the second where the host has no IPv6";
}

TEST_F(ServerTest, HandsThePathOverDecodedButNotInterpreted) {
  auto client = this->client();
  const auto port = std::to_string(server_.ports().front());
  EXPECT_THAT(get(client, "/%6detrics?%6d"), HasSubstr("GET /metrics ?%6d "));
  EXPECT_THAT(get(client, "/../metrics"), HasSubstr("GET /../metrics ?"));
  EXPECT_THAT(get(client, "//metrics"), HasSubstr("GET //metrics ?"));
  EXPECT_THAT(get(client, "/%2e%2e/%2Fx\\y"), HasSubstr("GET /..//x\\y ?"));
  EXPECT_THAT(get(client, "http://any.name:" + port + "/metrics"), HasSubstr("GET /metrics ?"));
}

TEST_F(ServerTest, RefusesAPathThatIsNotEncodedProperly) {
  auto client = this->client();
  for (const auto* target : {"/metrics%00", "/%", "/%zz"}) {
    EXPECT_THAT(get(client, target), StartsWith("HTTP/1.1 400 Bad Request\r\n")) << target;
  }
}

TEST_F(ServerTest, LeavesNoHeadersToCivetWebForOptionsAndUpgrades) {
  auto options = client();
  options.send(
      "OPTIONS /x HTTP/1.1\r\nOrigin: http://a\r\nAccess-Control-Request-Method: PUT\r\n\r\n");
  EXPECT_THAT(options.response(), HasSubstr("\r\n\r\nOPTIONS /x ?"));
  auto upgrade = client();
  EXPECT_THAT(get(upgrade, "/x", "Connection: Upgrade\r\nUpgrade: websocket\r\n"),
              HasSubstr("\r\nConnection: close\r\n"));
  EXPECT_TRUE(upgrade.is_closed_by_server());
}

TEST(Server, AnswersWhatIsLargerThanTheSocketsBuffers) {
  test::RecordingLog log;
  const std::string body(20'000'000, 'x');
  const Server server(
      ServerOptions{.listen_addresses = {{"127.0.0.1", 0}}},
      [&](const Request&) {
        Response response;
        response.body = body;
        return response;
      },
      log);
  Client client(server.ports().front());
  const auto response = get(client, "/");
  EXPECT_EQ(response.size() - response.find("\r\n\r\n") - 4, body.size());
  EXPECT_THAT(get(client, "/"), StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST(Server, AnswersServerErrorIfTheHandlerThrows) {
  test::RecordingLog log;
  const Server server(
      ServerOptions{.listen_addresses = {{"127.0.0.1", 0}}},
      [](const Request& request) -> Response {
        if (request.path == "/odd") throw 1;
        throw std::runtime_error("the secret reason");
      },
      log);
  Client client(server.ports().front());
  const auto response = get(client, "/path");
  EXPECT_THAT(response, StartsWith("HTTP/1.1 500 Internal Server Error\r\n"));
  EXPECT_THAT(response, Not(HasSubstr("secret")));
  EXPECT_THAT(get(client, "/odd"), StartsWith("HTTP/1.1 500 Internal Server Error\r\n"));
  std::vector<std::string> errors;
  for (const auto& line : log.lines()) {
    if (line.level == base::LogLevel::error) errors.push_back(line.text);
  }
  EXPECT_THAT(
      errors,
      ElementsAre("cannot answer an HTTP request method=GET path=/path error=the secret reason",
                  "cannot answer an HTTP request method=GET path=/odd error=unknown exception"));
}

class StreamTest : public testing::Test {
 protected:
  Response stream(const Request& request) {
    Response response;
    response.body = [this, path = request.path](const base::Sink& sink) {
      ++runs_;
      sink("first,");
      if (path == "/broken") throw std::runtime_error("no memory");
      while (path == "/endless" && sink(std::string(100'000, 'x'))) {
      }
      sink("last");
      ends_.set_value();
    };
    return response;
  }

  test::RecordingLog log_;
  std::atomic<int> runs_{0};
  std::promise<void> ends_;
  Server server_{ServerOptions{.listen_addresses = {{"127.0.0.1", 0}}},
                 [this](const Request& request) { return stream(request); }, log_};
  Client client_{server_.ports().front()};
};

TEST_F(StreamTest, ComesInChunksAndTheConnectionStays) {
  client_.send("GET / HTTP/1.1\r\n\r\nHEAD / HTTP/1.1\r\nConnection: close\r\n\r\n");
  const auto all = client_.rest();
  EXPECT_THAT(all, HasSubstr("\r\nTransfer-Encoding: chunked\r\n"));
  EXPECT_THAT(all, HasSubstr("\r\n\r\n6\r\nfirst,\r\n4\r\nlast\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(all, EndsWith("\r\nConnection: close\r\n\r\n")) << "HEAD has no body";
  EXPECT_EQ(runs_, 1) << "HEAD makes none";
}

TEST_F(StreamTest, EndsWithTheConnectionInHttp10) {
  client_.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const auto all = client_.rest();
  EXPECT_THAT(all, HasSubstr("\r\nConnection: close\r\n\r\nfirst,last"));
  EXPECT_THAT(all, Not(HasSubstr("chunked")));
  EXPECT_THAT(all, EndsWith("last"));
}

TEST_F(StreamTest, ThatThrowsIsLoggedAndSeenToBeIncomplete) {
  client_.send("GET /broken HTTP/1.1\r\n\r\n");
  EXPECT_THAT(client_.rest(), Not(HasSubstr("0\r\n\r\n")));
  ASSERT_FALSE(log_.lines().empty());
  EXPECT_EQ(log_.lines().back().text, "cannot finish an HTTP response error=no memory");
}

TEST_F(StreamTest, EndsWhenTheClientIsGone) {
  {
    Client client(server_.ports().front());
    client.send("GET /endless HTTP/1.1\r\n\r\n");
  }
  EXPECT_EQ(ends_.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
}

}  // namespace
}  // namespace cgroup2::http
