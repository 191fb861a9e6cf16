// SPDX-License-Identifier: Apache-2.0
#include "base/token_bucket.h"

#include <gtest/gtest.h>

namespace cgroup2::base {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint start{1h};

TEST(TokenBucket, BeginsFullAndFillsUpToItsCapacity) {
  TokenBucket bucket({10, 1, 5}, start);
  bucket.spend(10);
  EXPECT_FALSE(bucket.has_tokens());
  bucket.refill(start + 1s);
  EXPECT_TRUE(bucket.has_tokens());
  bucket.refill(start + 1h);
  bucket.spend(10);
  EXPECT_FALSE(bucket.has_tokens());
}

TEST(TokenBucket, TellsWhetherItHasSoMany) {
  TokenBucket bucket({2, 1, 0}, start);
  EXPECT_TRUE(bucket.has_tokens(2));
  EXPECT_FALSE(bucket.has_tokens(2.5));
  bucket.spend(2);
  bucket.refill(start + 999ms);
  EXPECT_TRUE(bucket.has_tokens());
  EXPECT_FALSE(bucket.has_tokens(1));
  bucket.refill(start + 1s);
  EXPECT_TRUE(bucket.has_tokens(1));
}

TEST(TokenBucket, PaysDebtBeforeAnythingElse) {
  TokenBucket bucket({10, 1, 5}, start);
  bucket.spend(14);
  bucket.refill(start + 4s);
  EXPECT_FALSE(bucket.has_tokens());
  bucket.refill(start + 5s);
  EXPECT_TRUE(bucket.has_tokens());
}

TEST(TokenBucket, BoundsTheDebtOfWhatCannotWait) {
  TokenBucket bucket({10, 1, 5}, start);
  for (int i = 0; i < 1000; ++i) bucket.spend_at_once(1);
  bucket.refill(start + 5s);
  EXPECT_FALSE(bucket.has_tokens());
  bucket.refill(start + 6s);
  EXPECT_TRUE(bucket.has_tokens());
}

TEST(TokenBucket, ForgivesNoDebtThatIsLarger) {
  TokenBucket bucket({10, 1, 5}, start);
  bucket.spend(30);
  bucket.spend_at_once(1);
  bucket.refill(start + 19s);
  EXPECT_FALSE(bucket.has_tokens());
}

}  // namespace
}  // namespace cgroup2::base
