// SPDX-License-Identifier: Apache-2.0
#include "http/health_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <string>

#include "base/fd.h"
#include "http/server.h"
#include "support/log.h"

namespace cgroup2::http {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Optional;

constexpr auto long_enough = 30s;

/// Answers what the exporter is asked with `status`, and all else with 404.
struct Answering {
  explicit Answering(int status, const base::Address& address = {"127.0.0.1", 0})
      : server{ServerOptions{.listen_addresses = {address}},
               [status](const Request& request) {
                 const bool is_asked = request.method == "GET" && request.path == "/-/healthy";
                 Response response;
                 response.status = is_asked ? status : 404;
                 return response;
               },
               log} {}

  [[nodiscard]] int port() const { return server.ports().front(); }

  test::RecordingLog log;
  Server server;
};

/// Listens and never takes a connection.
class Deaf {
 public:
  Deaf() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    address_.sin_family = AF_INET;
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address_;
    ::bind(socket_.number(), reinterpret_cast<const sockaddr*>(&address_), size);
    ::getsockname(socket_.number(), reinterpret_cast<sockaddr*>(&address_), &size);
    ::listen(socket_.number(), 1);
  }

  [[nodiscard]] base::Address address() const { return {"127.0.0.1", ntohs(address_.sin_port)}; }

 private:
  base::Fd socket_;
  sockaddr_in address_{};
};

TEST(HealthCheck, AsksForHealthy) {
  const Answering exporter(200);
  EXPECT_EQ(health_problem({"127.0.0.1", exporter.port()}, long_enough), std::nullopt);
}

TEST(HealthCheck, FindsWhoListensEverywhere) {
  for (const auto* everywhere : {"", "0.0.0.0"}) {
    const Answering exporter(200, {everywhere, 0});
    for (const auto* host : {"", "0.0.0.0", "localhost"}) {
      EXPECT_EQ(health_problem({host, exporter.port()}, long_enough), std::nullopt)
          << everywhere << ' ' << host;
    }
  }
}

TEST(HealthCheck, RepeatsWhatTheServerSays) {
  const Answering exporter(503);
  EXPECT_THAT(health_problem({"127.0.0.1", exporter.port()}, long_enough),
              Optional(HasSubstr("is not healthy: it answered: HTTP/1.1 503 ")));
}

TEST(HealthCheck, SaysThatNobodyListens) {
  EXPECT_THAT(health_problem({"127.0.0.1", 1}, long_enough),
              Optional(std::string("127.0.0.1:1 is not healthy: Connection refused")));
}

TEST(HealthCheck, DoesNotWaitForever) {
  const Deaf deaf;
  EXPECT_THAT(health_problem(deaf.address(), 50ms), Optional(EndsWith("timed out")));
}

TEST(HealthCheck, CannotKnowAFreePort) {
  EXPECT_THAT(health_problem({"127.0.0.1", 0}, long_enough), Optional(HasSubstr("port 0")));
}

}  // namespace
}  // namespace cgroup2::http
