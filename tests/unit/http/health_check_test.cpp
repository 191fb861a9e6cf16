// SPDX-License-Identifier: Apache-2.0
#include "http/health_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/fd.h"
#include "http/server.h"
#include "support/certificates.h"
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
  explicit Answering(int status, const base::Address& address = {"127.0.0.1", 0},
                     std::shared_ptr<TlsContext> tls = nullptr)
      : server{ServerOptions{.listen_addresses = {address}, .tls = std::move(tls)},
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

TEST(HealthCheck, FindsAServerHealthyThatRefusesThisClient) {
  for (const int status : {401, 429}) {
    const Answering exporter(status);
    EXPECT_EQ(health_problem({"127.0.0.1", exporter.port()}, long_enough), std::nullopt) << status;
  }
}

class HealthCheckOverTls : public testing::Test {
 protected:
  HealthCheckOverTls() {
    const auto identity = authority_.issue({.valid_for_seconds = -60});
    config_.cert = identity.cert;
    config_.key = identity.key;
    config_.client_ca = authority_.cert();
  }

  std::optional<std::string> problem(int status = 200) {
    const Answering exporter(status, {"127.0.0.1", 0}, std::make_shared<TlsContext>(config_));
    return health_problem({"127.0.0.1", exporter.port()}, long_enough, HealthScheme::https);
  }

  test::Authority authority_;
  config::TlsConfig config_;
};

TEST_F(HealthCheckOverTls, DoesNotVerifyTheCertificate) { EXPECT_EQ(problem(), std::nullopt); }

TEST_F(HealthCheckOverTls, RepeatsWhatTheServerSays) {
  EXPECT_THAT(problem(503), Optional(HasSubstr("it answered: HTTP/1.1 503 ")));
  EXPECT_EQ(problem(401), std::nullopt);
}

TEST_F(HealthCheckOverTls, SpeaksEveryVersion) {
  using config::TlsVersion;
  for (const auto version :
       {TlsVersion::tls10, TlsVersion::tls11, TlsVersion::tls12, TlsVersion::tls13}) {
    config_.min_version = version;
    config_.max_version = version;
    EXPECT_EQ(problem(), std::nullopt) << static_cast<int>(version);
  }
}

TEST_F(HealthCheckOverTls, FindsAServerHealthyThatRequiresACertificate) {
  using config::TlsVersion;
  for (const auto version : {TlsVersion::tls12, TlsVersion::tls13}) {
    config_.min_version = version;
    config_.max_version = version;
    for (const auto auth :
         {config::ClientAuth::require_any, config::ClientAuth::require_and_verify}) {
      config_.client_auth = auth;
      EXPECT_EQ(problem(503), std::nullopt);
    }
    config_.client_auth = config::ClientAuth::verify_if_given;
    EXPECT_THAT(problem(503), Optional(HasSubstr("it answered: HTTP/1.1 503 ")));
  }
}

TEST(HealthCheck, FindsAPlainServerUnhealthyOverTls) {
  const Answering exporter(200);
  EXPECT_THAT(health_problem({"127.0.0.1", exporter.port()}, long_enough, HealthScheme::https),
              Optional(HasSubstr("wrong version number")));
}

TEST(HealthCheck, DoesNotWaitForeverForAHandshake) {
  const Deaf deaf;
  EXPECT_THAT(health_problem(deaf.address(), 50ms, HealthScheme::https),
              Optional(EndsWith("timed out")));
}

}  // namespace
}  // namespace cgroup2::http
