// SPDX-License-Identifier: Apache-2.0
#include "http/web_chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cgroup2::http {
namespace {

using namespace std::chrono_literals;

class WebChainTest : public testing::Test {
 protected:
  Response ask(std::string_view authorization = {}) {
    Request request;
    request.method = "GET";
    request.path = "/-/healthy";
    if (!authorization.empty()) request.headers.add("Authorization", authorization);
    return handler(request);
  }

  int handled = 0;
  base::TimePoint now{1h};
  WebChain chain{[this] { return now; }};
  const Handler handler = chain.wrap([this](const Request&) {
    ++handled;
    auto response = plain_text(200, "x");
    response.headers.add("Content-Security-Policy", "default-src 'none'");
    return response;
  });
  // "secret"
  const std::map<std::string, std::string> users{
      {"alice", "$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW"}};
  const std::string_view right = "Basic YWxpY2U6c2VjcmV0";
};

TEST_F(WebChainTest, LetsEverythingPassAtFirst) {
  EXPECT_EQ(ask().status, 200);
  chain.apply({});
  EXPECT_EQ(ask().status, 200);
}

TEST_F(WebChainTest, AddsHeadersToEveryAnswerButKeepsThoseOfTheHandler) {
  chain.apply({.headers = {{"X-Frame-Options", "deny"},
                           {"X-Content-Type-Options", "nosniff"},
                           {"Content-Security-Policy", "default-src *"}},
               .users = users});
  const auto response = ask(right);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("X-Frame-Options"), "deny");
  EXPECT_EQ(response.headers.get("Content-Security-Policy"), "default-src 'none'");
  EXPECT_EQ(response.headers.get("X-Content-Type-Options"), "");  // is the server's
  const auto refusal = ask();
  EXPECT_EQ(refusal.status, 401);
  EXPECT_EQ(refusal.headers.get("X-Frame-Options"), "deny");
  EXPECT_EQ(refusal.headers.get("Content-Security-Policy"), "default-src *");
}

TEST_F(WebChainTest, CallsTheHandlerForUsersAlone) {
  chain.apply({.users = users});
  EXPECT_EQ(ask().status, 401);
  EXPECT_EQ(ask("Basic YWxpY2U6c2VjcmV1").status, 401);
  EXPECT_EQ(handled, 0);
  EXPECT_EQ(handled, 0);
  EXPECT_EQ(ask(right).status, 200);
  EXPECT_EQ(handled, 1);
}

TEST_F(WebChainTest, TakesOtherSettingsFromTheNextRequestOn) {
  chain.apply({.headers = {{"X-Frame-Options", "deny"}}, .users = users});
  EXPECT_EQ(ask().status, 401);
  chain.apply({});
  const auto response = ask();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("X-Frame-Options"), "");
}

TEST_F(WebChainTest, HasABucketForAllRequests) {
  chain.apply({.headers = {{"X-Frame-Options", "deny"}},
               .users = users,
               .rate_limit = config::RateLimit{1500ms, 3}});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask().status, 401);
  const auto response = ask(right);
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.bytes(), "Too Many Requests\n");
  EXPECT_EQ(response.headers.get("Retry-After"), "2");
  EXPECT_EQ(response.headers.get("X-Frame-Options"), "");
  now += 1499ms;
  EXPECT_EQ(ask().status, 429);
  now += 1ms;
  EXPECT_EQ(ask().status, 401);
  EXPECT_EQ(ask().status, 429);
}

TEST_F(WebChainTest, RefusesEverythingWithoutABurst) {
  chain.apply({.rate_limit = config::RateLimit{1ns, 0}});
  EXPECT_EQ(ask().status, 429);
  now += 1h;
  EXPECT_EQ(ask().status, 429);
}

TEST_F(WebChainTest, FillsTheBucketAgainOnlyForAnotherLimit) {
  chain.apply({.rate_limit = config::RateLimit{1h, 1}});
  EXPECT_EQ(ask().status, 200);
  chain.apply({.headers = {{"X-Frame-Options", "deny"}}, .rate_limit = config::RateLimit{1h, 1}});
  EXPECT_EQ(ask().status, 429);
  chain.apply({.rate_limit = config::RateLimit{1h, 2}});
  EXPECT_EQ(ask().status, 200);
  EXPECT_EQ(ask().status, 200);
  EXPECT_EQ(ask().status, 429);
  chain.apply({});
  EXPECT_EQ(ask().status, 200);
}

}  // namespace
}  // namespace cgroup2::http
