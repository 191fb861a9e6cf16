// SPDX-License-Identifier: Apache-2.0
#include "app/pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cgroup2::app {
namespace {

using testing::HasSubstr;

std::shared_ptr<const snapshot::Snapshot> make_snapshot() {
  auto snapshot = std::make_shared<snapshot::Snapshot>();
  snapshot->cgroups.push_back(
      snapshot::make_cgroup("/a", std::make_shared<identity::Identity>(), 7));
  snapshot->labels = std::make_shared<std::vector<std::string>>();
  return snapshot;
}

std::string header(const http::Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

TEST(Pages, AnswerWithHtmlThatLoadsNothing) {
  const Pages pages({}, make_snapshot);
  const auto response = pages.answer_status({});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/html; charset=utf-8");
  EXPECT_THAT(header(response, "Content-Security-Policy"), HasSubstr("default-src 'none'"));
  EXPECT_EQ(header(response, "Cache-Control"), "no-store");
  EXPECT_THAT(response.body, HasSubstr("cgroup?id=7"));
}

TEST(Pages, PackWhatIsAskedForInGzip) {
  const Pages pages({}, make_snapshot);
  const auto response = pages.answer_status({{}, true});
  EXPECT_EQ(header(response, "Content-Encoding"), "gzip");
  EXPECT_TRUE(response.body.starts_with("\x1f\x8b"));
}

TEST(Pages, RefuseWrongQuestionsInOneLineOfText) {
  const Pages pages({}, make_snapshot);
  for (const auto& response :
       {pages.answer_status({{{"sort", "<b>"}}, false}),
        pages.answer_cgroup({{{"id", "<b>"}}, false}), pages.answer_cgroup({})}) {
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(response.content_type, "text/plain; charset=utf-8");
    EXPECT_EQ(response.body.find('<'), std::string::npos);
  }
}

TEST(Pages, FindACgroupByIdAndByPath) {
  const Pages pages({}, make_snapshot);
  EXPECT_EQ(pages.answer_cgroup({{{"id", "7"}}, false}).status, 200);
  EXPECT_EQ(pages.answer_cgroup({{{"path", "/a"}}, false}).status, 200);
  EXPECT_EQ(pages.answer_cgroup({{{"id", "8"}}, false}).status, 404);
  EXPECT_THAT(pages.answer_cgroup({{{"path", "/b"}}, false}).body, HasSubstr("No such cgroup"));
}

TEST(Pages, SayThatThereIsNoSnapshotYet) {
  const Pages pages({}, [] { return nullptr; });
  EXPECT_EQ(pages.answer_status({}).status, 503);
  EXPECT_EQ(pages.answer_cgroup({{{"id", "7"}}, false}).status, 503);
}

}  // namespace
}  // namespace cgroup2::app
