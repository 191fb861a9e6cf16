// SPDX-License-Identifier: Apache-2.0
#include "app/pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <utility>

#include "support/response.h"

namespace cgroup2::app {
namespace {

using test::body_of;
using testing::HasSubstr;

std::shared_ptr<const snapshot::Snapshot> make_snapshot() {
  auto snapshot = std::make_shared<snapshot::Snapshot>();
  snapshot->cgroups.push_back(
      snapshot::make_cgroup("/a", std::make_shared<identity::Identity>(), 7));
  snapshot->labels = std::make_shared<std::vector<std::string>>();
  return snapshot;
}

http::Request with_query(std::string query, http::Headers headers = {}) {
  return {"GET", "/", std::move(query), std::move(headers), {}};
}

TEST(Pages, AnswerWithHtmlThatLoadsNothing) {
  const Pages pages({}, make_snapshot);
  const auto response = pages.answer_status({});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(std::string(response.headers.get("Content-Security-Policy")),
              HasSubstr("default-src 'none'"));
  EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
  EXPECT_THAT(body_of(response), HasSubstr("cgroup?id=7"));
}

TEST(Pages, PackWhatIsAskedForInGzip) {
  const Pages pages({}, make_snapshot);
  const auto response = pages.answer_status(with_query("", {{"Accept-Encoding", "gzip"}}));
  EXPECT_EQ(response.headers.get("Content-Encoding"), "gzip");
  EXPECT_TRUE(body_of(response).starts_with("\x1f\x8b"));
  EXPECT_EQ(response.headers.get("Vary"), "Accept-Encoding");
}

TEST(Pages, RefuseWrongQuestionsInOneLineOfText) {
  const Pages pages({}, make_snapshot);
  for (const auto& response :
       {pages.answer_status(with_query("sort=<b>")), pages.answer_cgroup(with_query("id=<b>")),
        pages.answer_cgroup({})}) {
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(response.content_type, "text/plain; charset=utf-8");
    EXPECT_EQ(body_of(response).find('<'), std::string::npos);
  }
}

TEST(Pages, FindACgroupByIdAndByPath) {
  const Pages pages({}, make_snapshot);
  EXPECT_EQ(pages.answer_cgroup(with_query("id=7")).status, 200);
  EXPECT_EQ(pages.answer_cgroup(with_query("path=/a")).status, 200);
  EXPECT_EQ(pages.answer_cgroup(with_query("id=8")).status, 404);
  EXPECT_THAT(body_of(pages.answer_cgroup(with_query("path=/b"))), HasSubstr("No such cgroup"));
}

TEST(Pages, TakeALongPathAndRefuseWhatIsLongerOrBadlyEncoded) {
  const Pages pages({}, make_snapshot);
  const auto ask = [&](const std::string& query) { return pages.answer_cgroup(with_query(query)); };
  EXPECT_EQ(ask("path=/" + std::string(std::size_t{4095} * 3, 'a')).status, 404);
  std::string many = "path=/a";
  for (int i = 0; i < 16; ++i) many += "&a=b";
  for (const auto& query : {"path=/" + std::string(std::size_t{5000} * 3, 'a'),
                            std::string("path=%"), std::string("path=%00"), many}) {
    const auto response = ask(query);
    EXPECT_EQ(response.status, 400) << query;
    EXPECT_EQ(body_of(response), "invalid query: too long or badly encoded\n");
  }
}

TEST(Pages, AreStreams) {
  const Pages pages({}, make_snapshot);
  for (const http::Headers& headers :
       {http::Headers{}, http::Headers{{"Accept-Encoding", "gzip"}}}) {
    EXPECT_FALSE(pages.answer_status(with_query("", headers)).bytes());
    EXPECT_FALSE(pages.answer_cgroup(with_query("id=7", headers)).bytes());
  }
}

TEST(Pages, NameTheSwitchAndTheMetricsWhenTheyAreOff) {
  status::HostFacts host;
  host.telemetry_path = "/cgroups";
  Pages pages(host, make_snapshot, false);
  pages.observe(*make_snapshot());
  for (const auto& response : {pages.answer_status({}), pages.answer_cgroup(with_query("id=7"))}) {
    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(response.content_type, "text/plain; charset=utf-8");
    EXPECT_EQ(body_of(response),
              "The status page is off (web.status_page: false). Metrics are at /cgroups.\n");
  }
}

TEST(Pages, SayThatThereIsNoSnapshotYet) {
  const Pages pages({}, [] { return nullptr; });
  EXPECT_EQ(pages.answer_status({}).status, 503);
  EXPECT_EQ(pages.answer_cgroup(with_query("id=7")).status, 503);
}

}  // namespace
}  // namespace cgroup2::app
