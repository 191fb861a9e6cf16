// SPDX-License-Identifier: Apache-2.0
#include "app/health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/server.h"
#include "support/certificates.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::app {
namespace {

using testing::HasSubstr;
using testing::Optional;

class HealthTest : public testing::Test {
 protected:
  static std::optional<std::string> problem_at(std::vector<base::Address> addresses) {
    config::Config config;
    config.web.listen_addresses = std::move(addresses);
    return health_problem(config);
  }

  test::RecordingLog log;
  http::Server server{http::ServerOptions{.listen_addresses = {{"127.0.0.1", 0}}},
                      [](const http::Request& request) {
                        return http::plain_text(request.path == "/-/healthy" ? 200 : 404, "");
                      },
                      log};
  const base::Address alive{"127.0.0.1", server.ports().front()};
  const base::Address dead{"127.0.0.1", 1};
};

TEST_F(HealthTest, SaysWhoDoesNotAnswer) {
  EXPECT_THAT(problem_at({dead}), Optional(HasSubstr("127.0.0.1:1 is not healthy")));
}

TEST_F(HealthTest, IsThatOfTheFirstAddress) {
  EXPECT_THAT(problem_at({dead, alive}), Optional(HasSubstr("127.0.0.1:1 is not healthy")));
  EXPECT_EQ(problem_at({alive, dead}), std::nullopt);
}

TEST_F(HealthTest, IsThatOfTheServerForProbesWhereThereIsOne) {
  config::Config config;
  config.web.listen_addresses = {dead};
  config.web.health_listen_address = alive;
  EXPECT_EQ(health_problem(config), std::nullopt);
  config.web.listen_addresses = {alive};
  config.web.health_listen_address = dead;
  EXPECT_THAT(health_problem(config), Optional(HasSubstr("127.0.0.1:1 is not healthy")));
}

class HealthOverTlsTest : public HealthTest {
 protected:
  HealthOverTlsTest() {
    config.web.config_file = files.path("web.yml");
    const auto identity = test::Authority().issue();
    files.write("cert", identity.cert);
    files.write("key", identity.key);
    files.write("web.yml", "tls_server_config: {cert_file: cert, key_file: key}\n");
    const auto tls = std::make_shared<http::TlsContext>(
        config::TlsConfig{.cert = identity.cert, .key = identity.key});
    over_tls.emplace(
        http::ServerOptions{.listen_addresses = {{"127.0.0.1", 0}}, .tls = tls},
        [](const http::Request&) { return http::plain_text(200, ""); }, log);
  }

  std::optional<std::string> problem_at(int port) {
    config.web.listen_addresses = {{"127.0.0.1", port}};
    return health_problem(config);
  }

  test::Tree files{};
  config::Config config;
  std::optional<http::Server> over_tls;
};

// The exporter keeps what it had where the file is wrong, and TLS as it was until a restart.
TEST_F(HealthOverTlsTest, IsThatOfTheExporterWhateverTheFileSaysNow) {
  for (const auto* text :
       {"tls_server_config: {cert_file: cert, key_file: key}\n", "", "nonsense: 1\n"}) {
    files.write("web.yml", text);
    EXPECT_EQ(problem_at(over_tls->ports().front()), std::nullopt) << text;
    EXPECT_EQ(problem_at(alive.port), std::nullopt) << text;
    EXPECT_NE(problem_at(dead.port), std::nullopt) << text;
  }
}

TEST_F(HealthOverTlsTest, NamesTheProblemOfWhatTheFileSays) {
  const http::Server ill(
      {.listen_addresses = {{"127.0.0.1", 0}}},
      [](const http::Request&) { return http::plain_text(503, ""); }, log);
  files.write("web.yml", "");
  EXPECT_THAT(problem_at(ill.ports().front()), Optional(HasSubstr("it answered: HTTP/1.1 503")));
}

}  // namespace
}  // namespace cgroup2::app
