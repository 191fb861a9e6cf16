// SPDX-License-Identifier: Apache-2.0
#include "base/label.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace cgroup2::base {
namespace {

TEST(Label, KeepsCleanText) {
  for (const char* text : {"", "/system.slice/a.service", "a b\"c\\d\\x2d", "k\xc3\xa4se",
                           "\xe2\x82\xac", "\xf0\x9f\x90\xa7"}) {
    EXPECT_EQ(to_label(text), text);
  }
}

TEST(Label, ReplacesBytesThatMayNotBeThere) {
  const struct {
    std::string bytes;
    const char* label;
  } rows[] = {
      {"a\nb",
       "a\xef\xbf\xbd"
       "0Ab"},
      {"\x7f",
       "\xef\xbf\xbd"
       "7F"},
      {std::string("\0", 1),
       "\xef\xbf\xbd"
       "00"},
      {"\xff",
       "\xef\xbf\xbd"
       "FF"},
      {"\xc3",
       "\xef\xbf\xbd"
       "C3"},  // cut off
      {"\xc0\xaf",
       "\xef\xbf\xbd"
       "C0\xef\xbf\xbd"
       "AF"},  // overlong
      {"\xed\xa0\x80",
       "\xef\xbf\xbd"
       "ED\xef\xbf\xbd"
       "A0\xef\xbf\xbd"
       "80"},  // a surrogate
      {"\xf4\x90\x80\x80",
       "\xef\xbf\xbd"
       "F4\xef\xbf\xbd"
       "90\xef\xbf\xbd"
       "80\xef\xbf\xbd"
       "80"},  // above U+10FFFF
      {"\xc2\x85",
       "\xef\xbf\xbd"
       "C2\xef\xbf\xbd"
       "85"},  // C1
      {"\xef\xbf\xbd",
       "\xef\xbf\xbd"
       "EF\xef\xbf\xbd"
       "BF\xef\xbf\xbd"
       "BD"},  // the replacement itself
  };
  for (const auto& row : rows) EXPECT_EQ(to_label(row.bytes), row.label);
}

TEST(Label, DifferentBytesGiveDifferentLabels) {
  std::set<std::string> labels;
  int count = 0;
  for (int a = 0; a < 256; ++a) {
    labels.insert(to_label(std::string(1, static_cast<char>(a))));
    ++count;
    for (int b = 0; b < 256; ++b) {
      labels.insert(to_label(std::string{static_cast<char>(a), static_cast<char>(b)}));
      ++count;
    }
  }
  EXPECT_EQ(labels.size(), static_cast<std::size_t>(count));
}

TEST(Escape, EscapesForQuotes) {
  std::string out = "x";
  append_escaped(out, "a\"b\\c\nd");
  EXPECT_EQ(out, "xa\\\"b\\\\c\\nd");
}

}  // namespace
}  // namespace cgroup2::base
