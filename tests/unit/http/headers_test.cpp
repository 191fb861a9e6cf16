// SPDX-License-Identifier: Apache-2.0
#include "http/headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cgroup2::http {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(Headers, AreFoundWhateverTheCaseOfTheirName) {
  const Headers headers{{"Accept", "text/plain"}, {"x-Real-IP", "192.0.2.1"}};
  EXPECT_EQ(headers.get("accept"), "text/plain");
  EXPECT_EQ(headers.get("X-REAL-ip"), "192.0.2.1");
}

TEST(Headers, AreEmptyWhereThereIsNone) {
  EXPECT_EQ(Headers().get("Accept"), "");
  EXPECT_EQ(Headers({{"Accept-Encoding", "gzip"}}).get("Accept"), "");
}

TEST(Headers, JoinTheValuesOfOneNameInTheirOrder) {
  const Headers headers{{"Accept", "a/b;q=0.5"}, {"Host", "x"}, {"ACCEPT", "c/d"}, {"accept", ""}};
  EXPECT_EQ(headers.get("Accept"), "a/b;q=0.5, c/d, ");
  EXPECT_EQ(headers.get("Host"), "x");
}

TEST(Headers, JoinNothingToAnEmptyValue) {
  EXPECT_EQ(Headers({{"Accept", ""}, {"Accept", "a/b"}}).get("Accept"), "a/b");
}

TEST(Headers, KeepTheirOrderAndTheirSpelling) {
  EXPECT_THAT(Headers({{"Vary", "Accept"}, {"Allow", "GET"}, {"vary", "Range"}}).all(),
              ElementsAre(Pair("Vary", "Accept, Range"), Pair("Allow", "GET")));
}

}  // namespace
}  // namespace cgroup2::http
