// SPDX-License-Identifier: Apache-2.0
#include "http/basic_auth.h"

#include <gtest/gtest.h>

#include <utility>

namespace cgroup2::http {
namespace {

using namespace std::string_literals;

TEST(DecodeBasic, ReturnsUserAndPassword) {
  const std::pair<const char*, std::string> rows[] = {
      {"Basic YWxpY2U6c2VjcmV0", "alice:secret"},
      {"basic YWxpY2U6c2VjcmV0", "alice:secret"},
      {"BASIC YTpi", "a:b"},
      {"Basic YTo=", "a:"},
      {"Basic Og==", ":"},
      {"Basic YTpiOmM=", "a:b:c"},
      {"Basic YToA", "a:\0"s},
      {"Basic YTr/+/8=", "a:\xff\xfb\xff"},
  };
  for (const auto& [header, expected] : rows) EXPECT_EQ(decode_basic(header), expected) << header;
}

TEST(DecodeBasic, IsStrict) {
  for (const auto* header : {"",
                             "Basic",
                             "Basic ",
                             "Basic",
                             "BasicYTpi",
                             "Bearer YTpi",
                             "Basic  YTpi",
                             "Basic YTpi ",
                             "Basic YTo",
                             "Basic YTo=\n",
                             "Basic YT\npi",
                             "Basic YTo==",
                             "Basic YTpi====",
                             "Basic ====",
                             "Basic Y===",
                             "Basic =TpiYTpi",
                             "Basic YT=i",
                             "Basic YTr_",
                             "Basic a:b",
                             "Basic YWFh",
                             "Basic YTpi, Basic YTpi",
                             "Basic\tYTpi",
                             "Basic YTpiYTo=YTpi"})
    EXPECT_EQ(decode_basic(header), std::nullopt) << header;
}

class RefuseUnknownUser : public testing::Test {
 protected:
  std::optional<Response> refuse(std::string_view authorization) {
    Request request;
    if (!authorization.empty()) request.headers.add("Authorization", authorization);
    request.peer.host = "::ffff:192.0.2.1";
    return refuse_unknown_user(check, {{"alice", "secret"}}, request);
  }

  base::TimePoint now{std::chrono::hours(1)};
  PasswordCheck check{[this](const std::string& hash, std::string_view password) {
                        now += std::chrono::milliseconds(100);
                        return hash == password;
                      },
                      [this] { return now; }};
};

TEST_F(RefuseUnknownUser, LetsUsersIn) {
  EXPECT_FALSE(refuse("Basic YWxpY2U6c2VjcmV0"));  // alice:secret
}

TEST_F(RefuseUnknownUser, AsksOthersForAPassword) {
  for (const auto* header : {"", "Bearer x", "Basic x", "Basic YWxpY2U6"}) {
    const auto response = refuse(header);
    ASSERT_TRUE(response) << header;
    EXPECT_EQ(response->status, 401);
    EXPECT_EQ(response->headers.get("WWW-Authenticate"), "Basic");
    EXPECT_EQ(response->bytes(), "Unauthorized\n");
  }
}

TEST_F(RefuseUnknownUser, RefusesToCompareGuessesWithoutEnd) {
  EXPECT_EQ(refuse("Basic YTpi").value().status, 401);
  const auto response = refuse("Basic YTpj");
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 429);
  EXPECT_EQ(response->headers.get("Retry-After"), "1");
  EXPECT_EQ(response->headers.get("WWW-Authenticate"), "");
}

}  // namespace
}  // namespace cgroup2::http
