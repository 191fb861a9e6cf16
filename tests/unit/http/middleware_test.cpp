// SPDX-License-Identifier: Apache-2.0
#include "http/middleware.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/response.h"

namespace cgroup2::http {
namespace {

using test::body_of;
using testing::ElementsAre;

Request with_method(std::string method) {
  Request request;
  request.method = std::move(method);
  request.path = "/path";
  return request;
}

Response echo(const Request& request) {
  return plain_text(200, request.method + " " + request.path);
}

TEST(AnswerHead, HandsHeadOnAsGetAndAllElseAsItIs) {
  const auto handler = answer_head(echo);
  EXPECT_EQ(body_of(handler(with_method("HEAD"))), "GET /path");
  for (const std::string method : {"GET", "POST", "head", ""})
    EXPECT_EQ(body_of(handler(with_method(method))), method + " /path");
}

TEST(AllowMethods, RefusesOtherMethodsAndNamesThoseAllowed) {
  const auto handler = allow_methods({"POST", "PUT"}, echo);
  for (const auto* method : {"GET", "HEAD", "DELETE", "OPTIONS", "CONNECT", "post", ""}) {
    const auto response = handler(with_method(method));
    EXPECT_EQ(response.status, 405) << method;
    EXPECT_EQ(body_of(response), "Method Not Allowed\n");
    EXPECT_EQ(response.headers.get("Allow"), "POST, PUT");
  }
}

TEST(AllowMethods, NamesHeadBesideGet) {
  EXPECT_EQ(allow_methods({"GET", "POST"}, echo)(with_method("PUT")).headers.get("Allow"),
            "GET, HEAD, POST");
}

TEST(AllowMethods, HandsOnWhatIsAllowed) {
  const auto handler = allow_methods({"POST", "PUT"}, echo);
  EXPECT_EQ(body_of(handler(with_method("POST"))), "POST /path");
  const auto response = handler(with_method("PUT"));
  EXPECT_EQ(body_of(response), "PUT /path");
  EXPECT_EQ(response.headers.get("Allow"), "");
}

/// Lets requests in and keeps them until it is opened.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_open_; });
  }
  void await(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this, count] { return waiting_ == count; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool is_open_ = false;
};

/// Statuses of a further request while `requests` are in flight, and of one after them.
std::vector<int> statuses_around(unsigned max_requests, int requests) {
  Gate gate;
  const auto free_pass = std::this_thread::get_id();
  const auto handler = limit_in_flight({max_requests, 0}, [&](const Request& request) {
    if (std::this_thread::get_id() != free_pass) gate.pass();
    return echo(request);
  });
  std::vector<std::thread> clients;
  for (int i = 0; i < requests; ++i) {
    clients.emplace_back([&] { EXPECT_EQ(handler(with_method("GET")).status, 200); });
  }
  gate.await(requests);
  std::vector<int> statuses = {handler(with_method("GET")).status};
  gate.open();
  for (auto& client : clients) client.join();
  statuses.push_back(handler(with_method("GET")).status);
  return statuses;
}

TEST(LimitInFlight, RefusesRequestsAboveTheLimit) {
  EXPECT_THAT(statuses_around(1, 1), ElementsAre(503, 200));
  EXPECT_THAT(statuses_around(3, 3), ElementsAre(503, 200));
}

TEST(LimitInFlight, AnswersRequestsUpToTheLimit) {
  EXPECT_THAT(statuses_around(3, 2), ElementsAre(200, 200));
  EXPECT_THAT(statuses_around(0, 3), ElementsAre(200, 200));
}

TEST(LimitInFlight, CountsARequestUntilItsResponseIsGone) {
  std::optional<Response> sending;
  {
    const auto handler = limit_in_flight({1, 0}, echo);
    sending = handler(with_method("GET"));
    EXPECT_EQ(sending->status, 200);
    const auto refused = handler(with_method("GET"));
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(body_of(refused), "too many requests in flight\n");
    EXPECT_EQ(handler(with_method("GET")).status, 503) << "a refusal is not in flight";
    sending.reset();
    EXPECT_EQ(handler(with_method("GET")).status, 200);
    sending = handler(with_method("GET"));
  }
  sending.reset();  // may be after the handler is gone
}

TEST(LimitInFlight, IsSharedByCopiesOfTheHandlerAndKeepsTheirOtherLimits) {
  const auto inner = limit_in_flight({1, 0}, echo);
  const auto outer = limit_in_flight({2, 0}, inner);
  const auto first = outer(with_method("GET"));
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(Handler(inner)(with_method("GET")).status, 503);
  EXPECT_EQ(Handler(outer)(with_method("GET")).status, 503);
}

TEST(LimitInFlight, CountsNoRequestWhoseHandlerThrew) {
  const auto handler =
      limit_in_flight({1, 0}, [](const Request&) -> Response { throw std::runtime_error("no"); });
  EXPECT_THROW((void)handler(with_method("GET")), std::runtime_error);
  EXPECT_THROW((void)handler(with_method("GET")), std::runtime_error);
}

TEST(RefuseOtherOrigins, RefusesWhatAPageOfAnotherSiteSends) {
  const auto handler = refuse_other_origins(echo);
  const struct {
    Headers headers;
    int status;
  } rows[] = {
      {{}, 200},
      {{{"Host", "a:9306"}, {"Origin", "http://a:9306"}}, 200},
      {{{"Host", "a:9306"}, {"Origin", "https://a:9306"}, {"Sec-Fetch-Site", "same-origin"}}, 200},
      {{{"Host", "a:9306"}, {"Sec-Fetch-Site", "none"}}, 200},
      {{{"Host", "a:9306"}, {"Origin", "http://a"}}, 403},
      {{{"Host", "a:9306"}, {"Origin", "http://evil.example"}}, 403},
      {{{"Host", "a:9306"}, {"Origin", "null"}}, 403},
      {{{"Origin", "http://a"}}, 403},
      {{{"Host", "a:9306"}, {"Sec-Fetch-Site", "cross-site"}}, 403},
      {{{"Host", "a:9306"}, {"Sec-Fetch-Site", "same-site"}}, 403},
  };
  for (const auto& row : rows) {
    Request request = with_method("POST");
    request.headers = row.headers;
    EXPECT_EQ(handler(request).status, row.status) << row.headers.get("Origin");
  }
}

TEST(LimitRate, RefusesWhatComesTooSoon) {
  using namespace std::chrono_literals;
  const auto handler = limit_rate(3600s, echo);
  EXPECT_EQ(handler(with_method("POST")).status, 200);
  const auto refused = handler(with_method("POST"));
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.get("Retry-After"), "3600");
  const auto unlimited = limit_rate(0s, echo);
  EXPECT_EQ(unlimited(with_method("POST")).status, 200);
  EXPECT_EQ(unlimited(with_method("POST")).status, 200);
}

}  // namespace
}  // namespace cgroup2::http
