// SPDX-License-Identifier: Apache-2.0
#include "http/guarded_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "support/log.h"
#include "support/response.h"

namespace cgroup2::http {
namespace {

using test::body_of;
using testing::HasSubstr;
using testing::Not;

class GuardedCall : public testing::Test {
 protected:
  [[nodiscard]] std::string logged() const {
    std::string text;
    for (const auto& line : log.lines()) {
      EXPECT_EQ(line.level, base::LogLevel::error);
      text += line.text + '\n';
    }
    return text;
  }

  bool write(const Response& response) {
    const base::Sink sink = [this](std::string_view piece) {
      written += piece;
      return true;
    };
    return write_guarded(response, sink, log);
  }

  test::RecordingLog log;
  Request request{"GET", "/metrics", "", {}, {}};
  std::string written;
};

TEST_F(GuardedCall, TurnsAnExceptionInto500WithoutItsReason) {
  const auto response = call_guarded(
      [](const Request&) -> Response { throw std::runtime_error("secret"); }, request, log);
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(body_of(response), "Internal Server Error\n");
  EXPECT_EQ(logged(), "cannot answer an HTTP request method=GET path=/metrics error=secret\n");
}

TEST_F(GuardedCall, SurvivesAnExceptionOfAnyType) {
  EXPECT_EQ(call_guarded([](const Request&) -> Response { throw 5; }, request, log).status, 500);
  EXPECT_THAT(logged(), HasSubstr("error=unknown exception"));
}

TEST_F(GuardedCall, KeepsNothingOfAnAnswerThatWasBegun) {
  const auto response = call_guarded(
      [](const Request&) {
        Response begun = plain_text(200, "half");
        if (begun.status == 200) throw std::bad_alloc();
        return begun;
      },
      request, log);
  EXPECT_THAT(body_of(response), Not(HasSubstr("half")));
}

TEST_F(GuardedCall, HandsOverTheAnswerAndTheRequest) {
  const auto response =
      call_guarded([](const Request& asked) { return plain_text(404, asked.method + asked.path); },
                   request, log);
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(body_of(response), "GET/metrics");
  EXPECT_EQ(logged(), "");
}

TEST_F(GuardedCall, SaysThatAStreamEndedEarly) {
  Response response;
  response.body = [](const base::Sink& sink) {
    sink("begun");
    throw std::runtime_error("out of memory");
  };
  EXPECT_FALSE(write(response));
  EXPECT_EQ(written, "begun");
  EXPECT_EQ(logged(), "cannot finish an HTTP response error=out of memory\n");
}

TEST_F(GuardedCall, SurvivesAStreamThatThrowsAnyType) {
  Response response;
  response.body = [](const base::Sink&) { throw "text"; };
  EXPECT_FALSE(write(response));
  EXPECT_THAT(logged(), HasSubstr("error=unknown exception"));
}

TEST_F(GuardedCall, WritesAStream) {
  Response response;
  response.body = [](const base::Sink& sink) {
    sink("a");
    sink("b");
  };
  EXPECT_TRUE(write(response));
  EXPECT_EQ(written, "ab");
  EXPECT_EQ(logged(), "");
}

TEST_F(GuardedCall, WritesBytesOfItsOwnAndSharedOnes) {
  Response response = plain_text(200, "body");
  EXPECT_TRUE(write(response));
  response.body = std::make_shared<const std::string>("shared");
  EXPECT_TRUE(write(response));
  EXPECT_EQ(written, "bodyshared");
}

}  // namespace
}  // namespace cgroup2::http
