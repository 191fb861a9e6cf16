// SPDX-License-Identifier: Apache-2.0
#include "http/router.h"

#include <gtest/gtest.h>

#include <string>

#include "support/response.h"

namespace cgroup2::http {
namespace {

using test::body_of;

Handler saying(const std::string& text) {
  return [text](const Request& request) { return plain_text(200, text + " " + request.method); };
}

Request asked(std::string method, std::string path) {
  Request request;
  request.method = std::move(method);
  request.path = std::move(path);
  return request;
}

TEST(Router, DoesNotKnowOtherPaths) {
  const auto router = make_router({{"/metrics", {"GET"}, saying("metrics")}});
  for (const auto* path : {"", "*", "metrics", "/metrics/", "//metrics", "/Metrics", "/metrics/x",
                           "/../metrics", "/", "/index.html"}) {
    for (const auto* method : {"GET", "HEAD", "POST", "get", ""}) {
      const auto response = router(asked(method, path));
      EXPECT_EQ(response.status, 404) << method << path;
      EXPECT_EQ(body_of(response), "Not Found\n");
    }
  }
}

TEST(Router, HasNoPathsWithoutRoutes) { EXPECT_EQ(make_router({})(asked("GET", "/")).status, 404); }

TEST(Router, RefusesMethodsThatThePathDoesNotTake) {
  const auto router =
      make_router({{"/read", {"GET"}, saying("read")}, {"/act", {"POST", "PUT"}, saying("act")}});
  const auto wrote = router(asked("POST", "/read"));
  EXPECT_EQ(wrote.status, 405);
  EXPECT_EQ(wrote.headers.get("Allow"), "GET, HEAD");
  for (const auto* method : {"GET", "HEAD"}) {
    const auto read = router(asked(method, "/act"));
    EXPECT_EQ(read.status, 405) << method;
    EXPECT_EQ(read.headers.get("Allow"), "POST, PUT");
  }
}

TEST(Router, AnswersWithTheHandlerOfThePath) {
  const auto router =
      make_router({{"/a", {"GET"}, saying("a")}, {"/b", {"GET", "POST"}, saying("b")}});
  EXPECT_EQ(body_of(router(asked("GET", "/a"))), "a GET");
  EXPECT_EQ(body_of(router(asked("HEAD", "/a"))), "a GET");
  EXPECT_EQ(body_of(router(asked("POST", "/b"))), "b POST");
}

TEST(Router, TakesTheFirstRouteOfAPath) {
  const auto router =
      make_router({{"/", {"GET"}, saying("first")}, {"/", {"GET", "POST"}, saying("second")}});
  EXPECT_EQ(body_of(router(asked("GET", "/"))), "first GET");
  EXPECT_EQ(router(asked("POST", "/")).status, 405);
}

}  // namespace
}  // namespace cgroup2::http
