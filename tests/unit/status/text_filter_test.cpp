// SPDX-License-Identifier: Apache-2.0
#include "status/text_filter.h"

#include <gtest/gtest.h>

#include <ctime>
#include <functional>

namespace cgroup2::status {
namespace {

// Of this thread, so that other load does not count.
double cpu_seconds(const std::function<void()>& action) {
  const auto now = [] {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
  };
  const double begin = now();
  action();
  return now() - begin;
}

TEST(TextFilter, FindsATextAnywhereInAName) {
  for (const auto* wanted : {"", "a", "aab", "c", "aabaabc", "AABA"})
    EXPECT_TRUE(TextFilter(wanted).is_in("aabaAbc")) << wanted;
  for (const auto* wanted : {"abb", "d", "aabaabcd", "bca"})
    EXPECT_FALSE(TextFilter(wanted).is_in("aabaabc")) << wanted;
}

TEST(TextFilter, FallsBackToTheNextShorterMatch) {
  EXPECT_TRUE(TextFilter("aabaac").is_in("aabaabaac"));
  EXPECT_TRUE(TextFilter("ababc").is_in("abababc"));
  EXPECT_TRUE(TextFilter("aab").is_in("aaaaab"));
  EXPECT_FALSE(TextFilter("abab").is_in("abaabaab"));
}

TEST(TextFilter, FindsOnlyTheEmptyTextInNothing) {
  EXPECT_TRUE(TextFilter("").is_in(""));
  EXPECT_TRUE(TextFilter("").is_empty());
  EXPECT_FALSE(TextFilter("a").is_in(""));
}

TEST(TextFilter, DistinguishesTheCaseOfNothingButAsciiLetters) {
  EXPECT_TRUE(TextFilter("zA[").is_in("Za["));
  EXPECT_FALSE(TextFilter("[").is_in("{"));
  EXPECT_FALSE(TextFilter("é").is_in("É"));
}

TEST(TextFilter, TakesNoLongerForALongTextInNamesThatAlmostHaveIt) {
  const std::string name(8'000'000, 'a');
  const auto seconds = [&name](std::size_t length) {
    const TextFilter filter(std::string(length, 'a') + 'b');
    return cpu_seconds([&] { EXPECT_FALSE(filter.is_in(name)); });
  };
  // 2 for the search that takes the product is 128 times as long.
  EXPECT_LT(seconds(255), 20 * seconds(1));
}

}  // namespace
}  // namespace cgroup2::status
