// SPDX-License-Identifier: Apache-2.0
#include "http/header_list.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace cgroup2::http {
namespace {

/// The elements, each in angle brackets.
std::string elements(std::string_view list) {
  std::string text;
  while (const auto element = next_element(list, ',')) text += "<" + std::string(*element) + ">";
  return text;
}

TEST(NextElement, SplitsOutsideOfQuotes) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", "<>"},
      {",", "<><>"},
      {" a ,\tb\t,, c", "<a><b><><c>"},
      {"a;x=\"1,2\",b", "<a;x=\"1,2\"><b>"},
      {"a;x=\"1\\\",2\",b", "<a;x=\"1\\\",2\"><b>"},
      {"\"open, b", "<\"open, b>"},
      {"\"open\\", "<\"open\\>"},
      {"a\\,b", "<a\\><b>"},
  };
  for (const auto& [list, expected] : rows) EXPECT_EQ(elements(list), expected) << list;
}

TEST(NextElement, GivesNothingForNoText) {
  std::string_view none;
  EXPECT_FALSE(next_element(none, ','));
}

TEST(ListsWord, ComparesWholeWordsWithoutCase) {
  EXPECT_TRUE(lists_word("Keep-Alive", "keep-alive"));
  EXPECT_TRUE(lists_word("upgrade , KEEP-alive", "keep-alive"));
  EXPECT_FALSE(lists_word("", "keep-alive"));
  EXPECT_FALSE(lists_word("keep-alive-not, keep", "keep-alive"));
}

TEST(ParseWeight, TakesThreeDigitsUpToOne) {
  for (const auto* text :
       {"", ".", ".5", "2", "1.1", "1.001", "0.1234", "-0", "0,5", "00", "0x", "1e0", "0.5 "}) {
    EXPECT_FALSE(parse_weight(text)) << text;
  }
  const std::vector<std::pair<std::string, unsigned>> rows = {
      {"0", 0},      {"0.", 0},      {"0.000", 0}, {"0.001", 1}, {"0.5", 500},
      {"0.75", 750}, {"0.999", 999}, {"1", 1000},  {"1.", 1000}, {"1.000", 1000},
  };
  for (const auto& [text, weight] : rows) EXPECT_EQ(parse_weight(text), weight) << text;
}

}  // namespace
}  // namespace cgroup2::http
