// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cgroup2::base {
namespace {

TEST(Number, RefusesWhatIsNotExactlyADecimal) {
  for (const char* text : {"", " ", "-1", "+1", " 1", "1 ", "0x10", "1.5", "1e3", "max",
                           "18446744073709551616", "99999999999999999999999", "1\n", "1\t"}) {
    EXPECT_EQ(parse_u64(text), std::nullopt) << '"' << text << '"';
  }
}

TEST(Number, ReadsTheWholeRange) {
  EXPECT_EQ(parse_u64("0"), 0U);
  EXPECT_EQ(parse_u64("007"), 7U);
  EXPECT_EQ(parse_u64("18446744073709551615"), ~std::uint64_t{0});
}

TEST(Line, TakesLinesWithAndWithoutNewline) {
  std::string_view rest = "a\n\nb";
  EXPECT_EQ(next_line(rest), "a");
  EXPECT_EQ(next_line(rest), "");
  EXPECT_EQ(next_line(rest), "b");
  EXPECT_EQ(next_line(rest), std::nullopt);
}

TEST(Token, SkipsBlanks) {
  std::string_view rest = "  a \t b ";
  EXPECT_EQ(next_token(rest), "a");
  EXPECT_EQ(next_token(rest), "b");
  EXPECT_EQ(next_token(rest), std::nullopt);
  EXPECT_EQ(next_token(rest), std::nullopt);
}

}  // namespace
}  // namespace cgroup2::base
