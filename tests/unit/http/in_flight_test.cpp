// SPDX-License-Identifier: Apache-2.0
#include "http/in_flight.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "http/middleware.h"

namespace cgroup2::http {
namespace {

using testing::ElementsAre;

Handler limit(RequestBounds bounds) {
  return limit_in_flight(bounds, [](const Request&) { return plain_text(200, ""); });
}

Request from(std::string host, std::vector<std::string>& ended) {
  Request request;
  request.peer = {host, 1};
  request.hang_up = [&ended, host](std::chrono::milliseconds without_progress) {
    // Those of a network that is called stalled took nothing for long.
    const bool is_ended = without_progress.count() == 0 || host.starts_with("203.0.113.");
    if (is_ended) ended.push_back(host);
    return is_ended;
  };
  return request;
}

TEST(InFlight, KeepsPlacesForOtherClients) {
  std::vector<std::string> ended;
  const auto handler = limit({4, 2});
  const auto first = handler(from("192.0.2.1", ended));
  const auto second = handler(from("::ffff:192.0.2.1", ended));
  EXPECT_EQ(second.status, 200);
  EXPECT_EQ(handler(from("192.0.2.1", ended)).status, 503);
  EXPECT_EQ(handler(from("192.0.2.2", ended)).status, 200);
  EXPECT_THAT(ended, ElementsAre());
}

TEST(InFlight, GivesAClientThePlaceOfOneThatHasMore) {
  std::vector<std::string> ended;
  const auto handler = limit({4, 0});
  std::vector<Response> sending;
  for (const auto* host : {"192.0.2.1", "2001:db8::1", "2001:db8::2", "2001:db8::3"})
    sending.push_back(handler(from(host, ended)));
  EXPECT_EQ(handler(from("2001:db8::4", ended)).status, 503) << "has the most itself";
  sending.push_back(handler(from("192.0.2.1", ended)));
  EXPECT_EQ(sending.back().status, 200);
  EXPECT_THAT(ended, ElementsAre("2001:db8::1")) << "its oldest";
  EXPECT_EQ(handler(from("192.0.2.1", ended)).status, 503) << "both have two";
  sending.push_back(handler(from("192.0.2.9", ended)));
  EXPECT_EQ(sending.back().status, 200);
  EXPECT_EQ(ended.size(), 2U);
  EXPECT_EQ(handler(from("192.0.2.10", ended)).status, 200) << "one still has two";
}

TEST(InFlight, GivesAClientThePlaceOfOneThatTakesNothing) {
  std::vector<std::string> ended;
  const auto handler = limit({3, 0});
  std::vector<Response> sending;
  for (const auto* host : {"192.0.2.1", "203.0.113.1", "203.0.113.2"})
    sending.push_back(handler(from(host, ended)));
  EXPECT_EQ(handler(from("203.0.113.1", ended)).status, 503) << "has a request";
  sending.push_back(handler(from("192.0.2.2", ended)));
  EXPECT_EQ(sending.back().status, 200);
  EXPECT_THAT(ended, ElementsAre("203.0.113.1")) << "the oldest of those";
  sending.push_back(handler(from("192.0.2.3", ended)));
  EXPECT_EQ(handler(from("192.0.2.4", ended)).status, 503) << "all take their answers";
}

TEST(InFlight, RefusesWhereNoRequestCanBeEnded) {
  const auto handler = limit({1, 0});
  Request request;
  request.peer = {"192.0.2.1", 1};
  const auto sending = handler(request);
  EXPECT_EQ(handler(request).status, 503);
}

}  // namespace
}  // namespace cgroup2::http
