// SPDX-License-Identifier: Apache-2.0
#include "http/body_framing.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace cgroup2::http {
namespace {

BodyFraming framing_of_length(std::string_view value) {
  return body_framing({{"Content-Length", value}});
}

TEST(BodyFraming, IsAnEmptyBodyWithoutAField) {
  const auto framing = body_framing({{"Accept", "*/*"}});
  EXPECT_EQ(framing.refusal, 0);
  EXPECT_EQ(framing.length, 0);
}

TEST(BodyFraming, TakesOneNumberUpToTheLargestBody) {
  for (const long long length : {0LL, 5LL, max_body_bytes}) {
    const auto framing = framing_of_length(std::to_string(length));
    EXPECT_EQ(framing.refusal, 0) << length;
    EXPECT_EQ(framing.length, length);
  }
  EXPECT_EQ(framing_of_length("8193").refusal, 413);
  EXPECT_EQ(framing_of_length("99999999999999999999999").refusal, 413);
}

TEST(BodyFraming, TakesTheSameNumberTwice) {
  const auto framing = body_framing({{"Content-Length", "5"}, {"content-length", "5"}});
  EXPECT_EQ(framing.refusal, 0);
  EXPECT_EQ(framing.length, 5);
}

TEST(BodyFraming, RefusesWhatTwoReadersUnderstandDifferently) {
  for (const auto* value : {"5, 6", "5, 05", "5,", ",5", "", "x", "5x", "+5", "-1", "5 5", "0x5"}) {
    EXPECT_EQ(framing_of_length(value).refusal, 400) << value;
  }
}

TEST(BodyFraming, RefusesATransferEncodingEvenIfEmpty) {
  for (const auto* value : {"chunked", "identity", ""}) {
    EXPECT_EQ(body_framing({{"Transfer-Encoding", value}}).refusal, 411) << value;
    EXPECT_EQ(body_framing({{"transfer-encoding", value}, {"Content-Length", "5"}}).refusal, 400)
        << value;
  }
}

}  // namespace
}  // namespace cgroup2::http
