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

TEST(HexEscapes, BecomeBytes) {
  EXPECT_EQ(decode_hex_escapes("a\\x2db\\x0a"), "a-b\n");
  EXPECT_EQ(decode_hex_escapes("\\xff"), "\xff");
  EXPECT_EQ(decode_hex_escapes("\\x5cx2d"), "\\x2d");
}

TEST(HexEscapes, StayWhereTheyAreNone) {
  for (const char* text :
       {"", "a", "\\", "a\\x", "a\\x2", "a\\xzz", "a\\x2g", "a\\xg2", "a\\xFF", "\\X2d"})
    EXPECT_EQ(decode_hex_escapes(text), text);
}

}  // namespace
}  // namespace cgroup2::base
