// SPDX-License-Identifier: Apache-2.0
#include "http/basic_auth.h"

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

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

  PasswordCheck check{
      [](const std::string& hash, std::string_view password) { return hash == password; }};
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

// Asks for others while a comparison runs.
TEST(RefuseUnknownUserWhileComparing, LetsFewOfThemWait) {
  std::promise<void> may_end;
  PasswordCheck check([end = may_end.get_future().share()](const std::string&, std::string_view) {
    end.wait();
    return false;
  });
  const auto refuse = [&](int client, const char* authorization) {
    Request request;
    request.headers.add("Authorization", authorization);
    request.peer.host = "192.0.2." + std::to_string(client);
    return refuse_unknown_user(check, {{"alice", "secret"}}, request).value();
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&, i] { (void)refuse(i / 2, "Basic YTpi"); });
  while (check.waiting() < 8) std::this_thread::yield();
  const auto of_client = refuse(0, "Basic YTpj");
  EXPECT_EQ(of_client.status, 429);
  EXPECT_EQ(of_client.headers.get("Retry-After"), "1");
  EXPECT_EQ(of_client.headers.get("WWW-Authenticate"), "");
  const auto of_all = refuse(9, "Basic YTpj");
  EXPECT_EQ(of_all.status, 503);
  EXPECT_EQ(of_all.headers.get("Retry-After"), "1");
  may_end.set_value();
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace cgroup2::http
