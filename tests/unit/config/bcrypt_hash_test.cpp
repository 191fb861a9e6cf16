// SPDX-License-Identifier: Apache-2.0
#include "config/bcrypt_hash.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace cgroup2::config {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string salt_and_digest = "abcdefghijklmnopqrstuuNU5dEpmHvZ8Vn/0Ed2uGvNMhXWf.kUS";

TEST(BcryptHash, HasACost) {
  ASSERT_EQ(salt_and_digest.size(), 53U);
  const std::pair<const char*, unsigned> rows[] = {
      {"$2a$04$", 4}, {"$2b$10$", 10}, {"$2y$31$", 31}};
  for (const auto& [head, expected] : rows) {
    unsigned cost = 0;
    EXPECT_EQ(parse_bcrypt_cost(head + salt_and_digest, cost), std::nullopt) << head;
    EXPECT_EQ(cost, expected);
  }
}

TEST(BcryptHash, IsRefusedWithItsReasonAndNotShown) {
  const std::pair<std::string, const char*> rows[] = {
      {"", "no bcrypt hash"},
      {"password", "no bcrypt hash"},
      {"{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "no bcrypt hash"},
      {"$apr1$TqI9WECO$LHZB2DqRlk9nObiB6vJG9.", "no bcrypt hash"},
      {"$2$10$" + salt_and_digest, "no bcrypt hash"},
      {"$2x$10$" + salt_and_digest, "no bcrypt hash"},
      {"$2b$", "is too short for a bcrypt hash (4 characters instead of 60)"},
      {"$2b$10$" + salt_and_digest.substr(1), "is too short for a bcrypt hash (59 characters"},
      {"$2b$10$" + salt_and_digest + "x", "is too long for a bcrypt hash (61 characters"},
      {"$2b$10$" + salt_and_digest + "\n", "is too long for a bcrypt hash (61 characters"},
      {"$2b$03$" + salt_and_digest, "without a cost from 04 to 31"},
      {"$2b$32$" + salt_and_digest, "without a cost from 04 to 31"},
      {"$2b$xx$" + salt_and_digest, "without a cost from 04 to 31"},
      {"$2b$+9$" + salt_and_digest, "without a cost from 04 to 31"},
      {"$2b$100" + salt_and_digest, "without a cost from 04 to 31"},
      {"$2b$10$" + salt_and_digest.substr(1) + "!", "characters that no bcrypt hash has"},
      {"$2b$10$" + salt_and_digest.substr(2) + "\u00e9", "characters that no bcrypt hash has"},
  };
  for (const auto& [hash, reason] : rows) {
    unsigned cost = 7;
    const auto problem = parse_bcrypt_cost(hash, cost);
    ASSERT_TRUE(problem) << hash;
    EXPECT_THAT(*problem, HasSubstr(reason)) << hash;
    EXPECT_EQ(cost, 7U);
    if (hash.size() > 8) {
      EXPECT_THAT(*problem, Not(HasSubstr(hash.substr(7))));
    }
  }
}

}  // namespace
}  // namespace cgroup2::config
