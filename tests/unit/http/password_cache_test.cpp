// SPDX-License-Identifier: Apache-2.0
#include "http/password_cache.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace cgroup2::http {
namespace {

TEST(PasswordCache, KeepsWhatWasStored) {
  PasswordCache cache;
  const auto right = cache.key_of("a", "hash", "right");
  const auto wrong = cache.key_of("a", "hash", "wrong");
  EXPECT_EQ(cache.find(right), std::nullopt);
  cache.store(right, true);
  cache.store(wrong, false);
  EXPECT_EQ(cache.find(right), true);
  EXPECT_EQ(cache.find(wrong), false);
  cache.store(wrong, true);
  EXPECT_EQ(cache.find(wrong), true);
}

TEST(PasswordCache, HasAKeyForEachUserHashAndPassword) {
  const PasswordCache cache, other;
  const std::set<PasswordCache::Key> keys{
      cache.key_of("a", "b", "c"),   cache.key_of("ab", "", "c"), cache.key_of("", "ab", "c"),
      cache.key_of("a", "", "bc"),   cache.key_of("a", "b", ""),  cache.key_of("1:a", "", "c"),
      cache.key_of("a1", ":b", "c"), other.key_of("a", "b", "c")};
  EXPECT_EQ(keys.size(), 8U);
  EXPECT_EQ(cache.key_of("a", "b", "c"), cache.key_of("a", "b", "c"));
}

TEST(PasswordCache, HasAHundredResultsAndDropsTheOldest) {
  PasswordCache cache;
  const auto key = [&](int i) { return cache.key_of("a", "hash", std::to_string(i)); };
  for (int i = 0; i < 100; ++i) cache.store(key(i), false);
  EXPECT_EQ(cache.find(key(0)), false);  // uses it, so that the next one is the oldest
  cache.store(key(100), false);
  EXPECT_EQ(cache.find(key(0)), false);
  EXPECT_EQ(cache.find(key(1)), std::nullopt);
  EXPECT_EQ(cache.find(key(100)), false);
}

TEST(PasswordCache, NeverDropsARightPasswordForAWrongOne) {
  PasswordCache cache;
  const auto right = [&](int i) { return cache.key_of("a", "hash", "r" + std::to_string(i)); };
  const auto wrong = [&](int i) { return cache.key_of("a", "hash", "w" + std::to_string(i)); };
  cache.store(right(0), true);
  for (int i = 0; i < 1000; ++i) cache.store(wrong(i), false);
  EXPECT_EQ(cache.find(right(0)), true);
  EXPECT_EQ(cache.find(wrong(999)), false);
  for (int i = 1; i < 100; ++i) cache.store(right(i), true);
  EXPECT_EQ(cache.find(wrong(999)), std::nullopt);
  cache.store(wrong(0), false);
  EXPECT_EQ(cache.find(wrong(0)), std::nullopt);
  EXPECT_EQ(cache.find(right(0)), true);
  cache.store(right(100), true);
  EXPECT_EQ(cache.find(right(100)), true);
  EXPECT_EQ(cache.find(right(0)), true);
  EXPECT_EQ(cache.find(right(1)), std::nullopt);
}

}  // namespace
}  // namespace cgroup2::http
