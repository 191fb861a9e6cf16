// SPDX-License-Identifier: Apache-2.0
#include "http/civetweb_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <utility>

#include "http/server.h"
#include "support/log.h"
#include "unit/http/client.h"

namespace cgroup2::http {
namespace {

using namespace std::chrono_literals;
using test::Client;
using testing::HasSubstr;
using testing::StartsWith;

class CivetWebRequest : public testing::Test {
 protected:
  test::RecordingLog log_;
  Server server_{ServerOptions{.listen_addresses = {{"127.0.0.1", 0}}},
                 [](const Request&) { return plain_text(200, "hello"); }, log_};

  Client client() { return Client(server_.ports().front()); }
};

TEST_F(CivetWebRequest, AnswersWhateverHostATargetNames) {
  for (const auto* target : {"http://elsewhere.example:1/metrics", "http://elsewhere.example/",
                             "HTTPS://elsewhere:9306/metrics?a=b"}) {
    auto client = this->client();
    client.send("GET " + std::string(target) + " HTTP/1.1\r\n\r\n");
    const auto answer = client.rest();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n")) << target;
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n")) << target;
    EXPECT_THAT(answer, HasSubstr("\r\n\r\nhello")) << target;
  }
}

TEST_F(CivetWebRequest, RefusesAHeadOfWhichCivetWebSeesAPartOnly) {
  const std::string body = "GET /metrics HTTP/1.1\r\n\r\n";
  const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n";
  for (const std::string& fields : {
           ": x\r\n" + length,
           "A: b\r\n: x\r\n" + length,
           "A: b\r\n \xe9: x\r\n" + length,
           "A: b\r\n folded\r\n" + length,
           "A: b\r\n\rB: c\r\n" + length,
           "Content-Length : " + std::to_string(body.size()) + "\r\n",
           " Content-Length: " + std::to_string(body.size()) + "\r\n",
           std::string("A :\r\n"),
       }) {
    auto client = this->client();
    client.send("GET / HTTP/1.1\r\n" + fields + "\r\n" + body);
    const auto answer = client.rest();
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 Bad Request\r\n")) << fields;
    EXPECT_EQ(answer.find("HTTP/1.1", 1), std::string::npos) << fields;
  }
}

TEST_F(CivetWebRequest, TakesEveryHeadThatIsWhole) {
  for (const std::string head :
       {"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\n\n", "\r\nGET / HTTP/1.1\r\nA: b\r\n\r\n",
        "GET / HTTP/1.1\r\nA:\r\nB:\r\n\r\n", "GET / HTTP/1.1\nA: b\nB:c\n\n",
        "GET / HTTP/1.1\r\nA:  b \r\nB: \xe9\r\n\r\n"}) {
    auto client = this->client();
    client.send(head);
    EXPECT_THAT(client.response(), StartsWith("HTTP/1.1 200 OK\r\n")) << head;
  }
}

TEST_F(CivetWebRequest, HasNoQueryOfTheConnectionsLastRequest) {
  Server server(
      ServerOptions{.listen_addresses = {{"127.0.0.1", 0}}},
      [](const Request& request) { return plain_text(200, "query=" + request.query); }, log_);
  Client client(server.ports().front());
  client.send("GET /" + std::string(200, 'a') +
              "?old HTTP/1.1\r\n\r\nGET http://elsewhere/?new HTTP/1.1\r\nX: " +
              std::string(4000, 'x') + "\r\n\r\n");
  const auto answers = client.rest();
  EXPECT_THAT(answers, HasSubstr("\r\n\r\nquery=old"));
  EXPECT_THAT(answers, testing::EndsWith("\r\n\r\nquery=new"));
}

TEST_F(CivetWebRequest, AnswersForTheServerItself) {
  for (const auto& [method, status] : {std::pair("OPTIONS", "200"), std::pair("GET", "400")}) {
    auto client = this->client();
    client.send(std::string(method) + " * HTTP/1.1\r\n\r\n");
    const auto answer = client.rest();
    EXPECT_THAT(answer, StartsWith(std::string("HTTP/1.1 ") + status));
    EXPECT_THAT(answer, HasSubstr("\r\nAllow: GET, HEAD, OPTIONS, POST, PUT\r\n"));
  }
}

TEST_F(CivetWebRequest, RefusesLengthsThatContradictEachOther) {
  const std::pair<const char*, const char*> rows[] = {
      {"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", "400"},
      {"Content-Length: 1\r\ncontent-length: 1\r\nContent-Length: 01\r\n\r\na", "400"},
      {"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
      {"Content-Length: 2\r\nContent-Length: 2\r\n\r\nab", "200"},
  };
  for (const auto& [fields, status] : rows) {
    auto client = this->client();
    client.send("GET / HTTP/1.1\r\nConnection: close\r\n" + std::string(fields));
    EXPECT_THAT(client.rest(), StartsWith(std::string("HTTP/1.1 ") + status)) << fields;
  }
}

}  // namespace
}  // namespace cgroup2::http
