// SPDX-License-Identifier: Apache-2.0
#include "http/civetweb_response.h"

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

TEST(CivetWebResponse, DropsClientsThatDoNotRead) {
  test::RecordingLog log;
  const Server server(
      ServerOptions{
          .listen_addresses = {{"127.0.0.1", 0}}, .max_connections = 8, .request_timeout = 300ms},
      [](const Request& request) {
        Response response;
        response.body = std::string(request.path == "/huge" ? 50'000'000 : 5, 'x');
        return response;
      },
      log);
  Client lazy(server.ports().front());
  lazy.send("GET /huge HTTP/1.1\r\n\r\n");
  Client other(server.ports().front());
  other.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(other.rest(), HasSubstr("\r\n\r\nxxxxx"));
  std::this_thread::sleep_for(1s);  // three times what the server waits for progress
  EXPECT_LT(lazy.rest().size(), 50'000'000U);
}

}  // namespace
}  // namespace cgroup2::http
