// SPDX-License-Identifier: Apache-2.0
#include "base/number_ranges.h"

#include <gtest/gtest.h>

#include <string>

namespace cgroup2::base {
namespace {

// The ranges of a list, one after the other, and a dot where the list is wrong.
std::string ranges_of(std::string_view list) {
  std::string ranges;
  const bool is_right = visit_ranges(list, [&](std::uint64_t first, std::uint64_t last) {
    ranges += std::to_string(first) + ".." + std::to_string(last) + ' ';
  });
  return is_right ? ranges : ranges + '.';
}

TEST(VisitRanges, TakesNumbersAndRanges) {
  EXPECT_EQ(ranges_of("0-2,8"), "0..2 8..8 ");
  EXPECT_EQ(ranges_of("5"), "5..5 ");
  EXPECT_EQ(ranges_of("65535"), "65535..65535 ");
  EXPECT_EQ(ranges_of(""), "");
}

TEST(VisitRanges, EndsAtWhatHasAnotherForm) {
  for (const char* list : {"3-1", "a", "1-", "-1", ",1", " 1", "0-65536", "0-18446744073709551615"})
    EXPECT_EQ(ranges_of(list), ".") << list;
  EXPECT_EQ(ranges_of("1,,2"), "1..1 .");
  EXPECT_EQ(ranges_of("1,2,"), "1..1 .");
}

}  // namespace
}  // namespace cgroup2::base
