// SPDX-License-Identifier: Apache-2.0
#include "app/metrics_endpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "catalog/catalog.h"
#include "catalog/identity_label.h"
#include "support/response.h"

namespace cgroup2::app {
namespace {

using namespace std::chrono_literals;
using test::body_of;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::shared_ptr<snapshot::Snapshot> make_snapshot() {
  auto snapshot = std::make_shared<snapshot::Snapshot>();
  snapshot->cgroups.push_back(
      snapshot::make_cgroup("/a", std::make_shared<identity::Identity>(), 7));
  snapshot->labels = std::make_shared<std::vector<std::string>>();
  snapshot->enabled.set();
  snapshot->samples.columns[catalog::metric_index("cgroup_memory_usage_bytes")].push_back(
      {0, {cgroup::no_label, cgroup::no_label}, 10});
  return snapshot;
}

class MetricsEndpointTest : public testing::Test {
 protected:
  http::Response ask(std::string query = "", http::Headers headers = {}) {
    return endpoint.answer({"GET", "/metrics", std::move(query), std::move(headers), {}});
  }

  http::Response ask_cadvisor(std::string query = "", http::Headers headers = {}) {
    return endpoint.answer_cadvisor(
        {"GET", "/metrics/cadvisor", std::move(query), std::move(headers), {}});
  }

  std::shared_ptr<snapshot::Snapshot> snapshot = make_snapshot();
  std::optional<std::chrono::milliseconds> asked_to_wait;
  Telemetry telemetry;
  MetricsEndpoint endpoint{{}, telemetry, [this](auto max_wait) {
                             asked_to_wait = max_wait;
                             return snapshot;
                           }};
};

TEST_F(MetricsEndpointTest, RefusesAWrongQueryInOneLineOfText) {
  for (const auto* query : {"collect[]=%", "collect[]=gpu", "collect[]=cpu&exclude[]=io"}) {
    const auto response = ask(query);
    EXPECT_EQ(response.status, 400) << query;
    EXPECT_EQ(response.content_type, "text/plain; charset=utf-8");
    EXPECT_THAT(body_of(response), EndsWith("\n"));
  }
}

TEST_F(MetricsEndpointTest, SaysThatThereIsNoSnapshot) {
  snapshot = nullptr;
  const auto response = ask();
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(body_of(response), "no recent snapshot: reading cgroups timed out\n");
}

TEST_F(MetricsEndpointTest, WaitsAsLongAsTheClientCan) {
  (void)ask("", {{"X-Prometheus-Scrape-Timeout-Seconds", "10"}});
  EXPECT_EQ(asked_to_wait, 7500ms);
  (void)ask();
  EXPECT_EQ(asked_to_wait, std::nullopt);
}

TEST_F(MetricsEndpointTest, WritesTheCgroupsAndTheExportersOwnMetricsInTextAsAStream) {
  const auto response = ask();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.bytes(), std::nullopt);
  EXPECT_THAT(response.content_type, StartsWith("text/plain; version=0.0.4"));
  EXPECT_EQ(response.headers.get("Vary"), "Accept, Accept-Encoding");
  EXPECT_THAT(body_of(response), HasSubstr("cgroup_info{cgroup=\"/a\""));
  EXPECT_THAT(body_of(response), HasSubstr("cgroup_exporter_build_info{"));
}

TEST_F(MetricsEndpointTest, WritesOpenMetricsToItsEnd) {
  const auto response = ask("", {{"Accept", "application/openmetrics-text"}});
  EXPECT_THAT(response.content_type, StartsWith("application/openmetrics-text; version=1.0.0"));
  EXPECT_THAT(body_of(response), EndsWith("# EOF\n"));
}

TEST_F(MetricsEndpointTest, SharesTheGzipTextOfASnapshot) {
  const auto first = ask("", {{"Accept-Encoding", "gzip"}});
  const auto second = ask("", {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(first.headers.get("Content-Encoding"), "gzip");
  EXPECT_THAT(body_of(first), StartsWith("\x1f\x8b"));
  EXPECT_EQ(first.bytes()->data(), second.bytes()->data());
  EXPECT_EQ(ask().headers.get("Content-Encoding"), "");
}

TEST_F(MetricsEndpointTest, PutsOtherLabelsOnTheSeriesOfLaterAnswers) {
  EXPECT_THAT(body_of(ask()), HasSubstr("cgroup_memory_usage_bytes{cgroup=\"/a\"} 10\n"));
  catalog::IdentityLabelSet labels;
  labels.set(index(*catalog::find_identity_label("kind")));
  endpoint.set_labels_on_series(labels);
  EXPECT_THAT(body_of(ask()),
              HasSubstr("cgroup_memory_usage_bytes{cgroup=\"/a\",kind=\"other\"} 10\n"));
}

TEST_F(MetricsEndpointTest, WritesCadvisorsNamesAloneInTextWhateverTheClientPrefers) {
  const auto response =
      ask_cadvisor("profile=standalone", {{"Accept", "application/openmetrics-text"}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(response.headers.get("Vary"), "Accept-Encoding");
  const auto body = body_of(response);
  EXPECT_THAT(body, HasSubstr("container_memory_usage_bytes{container=\"\",id=\"/a\",image=\"\","
                              "name=\"\",namespace=\"\",pod=\"\"} 10\n"));
  EXPECT_THAT(body, testing::Not(HasSubstr("cgroup_")));
  EXPECT_THAT(body, testing::Not(HasSubstr("process_")));
}

TEST_F(MetricsEndpointTest, WritesTheKubeletsRowsUnlessAskedForMore) {
  EXPECT_THAT(body_of(ask_cadvisor()), testing::Not(HasSubstr("id=\"/a\"")));
  EXPECT_THAT(body_of(ask_cadvisor("profile=kubelet")), testing::Not(HasSubstr("id=\"/a\"")));
}

TEST_F(MetricsEndpointTest, SeesTheCgroupsOfCadvisorNow) {
  const auto body = body_of(ask_cadvisor("profile=standalone"));
  const std::string head =
      R"(container_last_seen{container="",id="/a",image="",name="",namespace="",pod=""} )";
  const auto at = body.find(head);
  ASSERT_NE(at, std::string::npos);
  const auto now = std::chrono::system_clock::now().time_since_epoch() / 1s;
  EXPECT_NEAR(std::stod(body.substr(at + head.size())), static_cast<double>(now), 10);
}

TEST_F(MetricsEndpointTest, RefusesAnUnknownProfileInOneLineOfText) {
  for (const auto* query : {"profile=", "profile=docker", "collect[]=gpu", "profile=%"}) {
    const auto response = ask_cadvisor(query);
    EXPECT_EQ(response.status, 400) << query;
    EXPECT_THAT(body_of(response), EndsWith("\n"));
  }
  EXPECT_EQ(body_of(ask_cadvisor("profile=docker")),
            "unknown profile: there are \"kubelet\" and \"standalone\"\n");
}

TEST_F(MetricsEndpointTest, SharesTheGzipTextOfEachProfile) {
  const http::Headers gzip{{"Accept-Encoding", "gzip"}};
  const auto first = ask_cadvisor("", gzip);
  const auto second = ask_cadvisor("profile=kubelet", gzip);
  EXPECT_EQ(first.bytes()->data(), second.bytes()->data());
  EXPECT_NE(ask_cadvisor("profile=standalone", gzip).bytes()->data(), first.bytes()->data());
  EXPECT_NE(ask("", gzip).bytes()->data(), first.bytes()->data());
}

}  // namespace
}  // namespace cgroup2::app
