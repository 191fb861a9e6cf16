// SPDX-License-Identifier: Apache-2.0
#include "app/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "http/router.h"
#include "support/log.h"
#include "support/response.h"

namespace cgroup2::app {
namespace {

using namespace std::chrono_literals;
using test::body_of;
using testing::HasSubstr;
using testing::StartsWith;

/// A host without cgroups.
class EmptySource final : public snapshot::PollSource {
 public:
  void start(std::function<void()> /*wake*/) override {}
  void apply(snapshot::Settings /*settings*/) override {}
  std::shared_ptr<const snapshot::Snapshot> build() override {
    auto snapshot = std::make_shared<snapshot::Snapshot>();
    snapshot->begun = std::chrono::steady_clock::now();
    snapshot->labels = std::make_shared<std::vector<std::string>>();
    return snapshot;
  }
  void scan() override {}
};

constexpr snapshot::Timing patient{1h, 1h, 30s, 1h};

class RoutesTest : public testing::Test {
 protected:
  std::vector<http::Route> routes() {
    return make_routes({config, metrics, pages, poller, [this] {
                          ++reloads;
                          return problems;
                        }});
  }
  http::Response ask(std::string method, std::string path) {
    return http::make_router(routes())({std::move(method), std::move(path), "", {}, {}});
  }

  test::RecordingLog log;
  config::Config config;
  std::vector<std::string> problems;
  int reloads = 0;
  Telemetry telemetry;
  Pages pages{{}, [] { return nullptr; }};
  snapshot::Poller poller{std::make_unique<EmptySource>(), patient, log};
  MetricsEndpoint metrics{{}, telemetry, [this](auto max_wait) { return poller.fresh(max_wait); }};
};

TEST_F(RoutesTest, TakeTheMethodsThatTheyServe) {
  config.web.enable_lifecycle = true;
  poller.start();
  for (const auto& [path, methods, handler] : routes()) {
    for (const std::string method : {"GET", "POST", "PUT", "DELETE"}) {
      const bool is_served = std::ranges::find(methods, method) != methods.end();
      EXPECT_EQ(ask(method, path).status != 405, is_served) << method << " " << path;
    }
    EXPECT_EQ(ask("HEAD", path).status, ask("GET", path).status) << path;
  }
  EXPECT_EQ(reloads, 2);  // by POST and by PUT
}

TEST_F(RoutesTest, ServeMetricsInThePlaceOfThePageWithTheSamePath) {
  config.web.telemetry_path = "/";
  poller.start();
  EXPECT_THAT(ask("GET", "/").content_type, StartsWith("text/plain; version=0.0.4"));
  EXPECT_EQ(ask("GET", "/metrics").status, 404);
}

TEST_F(RoutesTest, ServeCadvisorsNames) {
  poller.start();
  const auto response = ask("GET", "/metrics/cadvisor");
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(body_of(response), HasSubstr("container_scrape_error 0\n"));
  EXPECT_THAT(body_of(ask("GET", "/metrics")), testing::Not(HasSubstr("container_scrape_error")));
}

TEST_F(RoutesTest, ServeMetricsInThePlaceOfCadvisorsNamesWithTheSamePath) {
  config.web.telemetry_path = "/metrics/cadvisor";
  poller.start();
  EXPECT_THAT(body_of(ask("GET", "/metrics/cadvisor")), HasSubstr("cgroup_exporter_build_info"));
}

TEST_F(RoutesTest, HaveOneBoundForTheScrapesOfBothPaths) {
  config.web.max_requests = 1;
  poller.start();
  const auto handler = http::make_router(routes());
  const auto held = handler({"GET", "/metrics", "", {}, {}});
  EXPECT_EQ(held.status, 200);
  EXPECT_EQ(handler({"GET", "/metrics/cadvisor", "", {}, {}}).status, 503);
}

TEST_F(RoutesTest, HaveAPageForTheHostAndOneForACgroup) {
  for (const auto* path : {"/", "/cgroup"}) {
    const auto response = ask("GET", path);
    EXPECT_EQ(response.headers.get("Vary"), "Accept-Encoding") << path;
  }
  EXPECT_THAT(body_of(ask("GET", "/")), HasSubstr("<!DOCTYPE html>"));
}

TEST_F(RoutesTest, SayThatTheExporterIsHealthy) {
  const auto response = ask("GET", "/-/healthy");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(body_of(response), "cgroup2_exporter is Healthy.\n");
}

TEST_F(RoutesTest, SayWhetherTheExporterIsReady) {
  const auto response = ask("GET", "/-/ready");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(body_of(response), "Service Unavailable\n");
  poller.start();
  while (ask("GET", "/-/ready").status != 200) std::this_thread::yield();
  EXPECT_EQ(body_of(ask("GET", "/-/ready")), "cgroup2_exporter is Ready.\n");
}

TEST_F(RoutesTest, DoNotReloadUnlessAllowed) {
  const auto response = ask("POST", "/-/reload");
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(body_of(response), "Lifecycle API is not enabled.\n");
  EXPECT_EQ(reloads, 0);
}

TEST_F(RoutesTest, SayWhatPreventedAReload) {
  config.web.enable_lifecycle = true;
  EXPECT_EQ(body_of(ask("POST", "/-/reload")), "configuration reloaded\n");
  problems = {"a.yaml:1:1: no", "a.yaml:2:1: nor this"};
  const auto response = ask("POST", "/-/reload");
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(body_of(response),
            "configuration not reloaded, the old one stays in use:\n"
            "a.yaml:1:1: no\na.yaml:2:1: nor this\n");
}

TEST_F(RoutesTest, LimitBothPagesTogetherAndNothingElse) {
  poller.start();
  const auto router = http::make_router(routes());
  const auto get = [&](const char* path) { return router({"GET", path, "", {}, {}}); };
  while (get("/-/ready").status != 200) std::this_thread::yield();
  {
    const auto sending = get("/");
    const auto refused = get("/cgroup");
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(refused.headers.get("Retry-After"), "1");
    EXPECT_EQ(get("/metrics").status, 200);
    EXPECT_EQ(get("/-/healthy").status, 200);
  }
  EXPECT_EQ(get("/cgroup").status, 400);  // without a question
}

TEST_F(RoutesTest, LimitScrapesInFlightAndNothingElse) {
  config.web.max_requests = 1;
  poller.start();
  const auto router = http::make_router(make_routes({config, metrics, pages, poller, {}}));
  const auto get = [&](const char* path) { return router({"GET", path, "", {}, {}}); };
  while (get("/-/ready").status != 200) std::this_thread::yield();
  const auto sending = get("/metrics");
  EXPECT_EQ(sending.status, 200);
  const auto refused = get("/metrics");
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(body_of(refused), StartsWith("too many requests in flight"));
  EXPECT_EQ(get("/-/healthy").status, 200);
}

TEST_F(RoutesTest, AnswerOnlyProbesAtTheServerForProbes) {
  const auto probe = [&](const std::string& path) {
    return http::make_router(make_health_routes(poller))({"GET", path, "", {}, {}}).status;
  };
  EXPECT_EQ(probe("/-/healthy"), 200);
  EXPECT_EQ(probe("/-/ready"), 503);
  for (const auto* path : {"/", "/metrics", "/cgroup", "/-/reload"}) EXPECT_EQ(probe(path), 404);
  poller.start();
  static_cast<void>(poller.fresh());
  EXPECT_EQ(probe("/-/ready"), 200);
}

}  // namespace
}  // namespace cgroup2::app
