// SPDX-License-Identifier: Apache-2.0
#include "config/pattern.h"

#include <gtest/gtest.h>

namespace cgroup2::config {
namespace {

TEST(Pattern, RefusesWithTheReasonOfRe2) {
  const struct {
    const char* text;
    const char* problem;
  } rows[] = {
      {"(", "\"(\" is not a regular expression: missing ): ("},
      {"a)", "\"a)\" is not a regular expression: unexpected ): a)"},
      {"*", "\"*\" is not a regular expression: no argument for repetition operator: *"},
      {"[z-a]", "\"[z-a]\" is not a regular expression: invalid character class range: z-a"},
      {"(?=a)", "\"(?=a)\" is not a regular expression: invalid perl operator: (?="},
      {"(a)\\1", "\"(a)\\1\" is not a regular expression: invalid escape sequence: \\1"},
      {"a\n", "must not contain a newline"},
  };
  std::string value = "kept";
  for (const auto& row : rows) {
    EXPECT_EQ(parse_pattern(row.text, value), row.problem);
    EXPECT_EQ(parse_optional_pattern(row.text, value), row.problem);
  }
  EXPECT_EQ(value, "kept");
}

TEST(Pattern, RefusesWhatWouldCostTooMuchQuickly) {
  std::string value = "kept";
  for (const auto& text : {std::string(1'000'000, '('), std::string("((a{100}){100}){100}"),
                           std::string("a{1001}"), std::string(1'000'000, 'a')}) {
    const auto problem = parse_optional_pattern(text, value);
    ASSERT_TRUE(problem.has_value()) << text.size();
    EXPECT_LT(problem->size(), 500U);
  }
  EXPECT_EQ(value, "kept");
}

TEST(Pattern, MayBeEmptyOnlyWhereItIsOptional) {
  std::string value = "kept";
  EXPECT_EQ(parse_pattern("", value), "must not be empty (.* matches everything)");
  EXPECT_EQ(value, "kept");
  EXPECT_EQ(parse_optional_pattern("", value), std::nullopt);
  EXPECT_EQ(value, "");
}

TEST(Pattern, IsKeptAsWritten) {
  std::string value;
  EXPECT_EQ(parse_pattern("/kubepods(/.*)?|/system\\.slice/[a-z]+", value), std::nullopt);
  EXPECT_EQ(value, "/kubepods(/.*)?|/system\\.slice/[a-z]+");
}

}  // namespace
}  // namespace cgroup2::config
