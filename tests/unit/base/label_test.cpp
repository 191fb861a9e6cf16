// SPDX-License-Identifier: Apache-2.0
#include "base/label.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace cgroup2::base {
namespace {

TEST(Label, KeepsCleanText) {
  for (const char* text :
       {"", "/system.slice/a.service", "a b\"c\\d\\x2d", "k\xc3\xa4se", "\xe2\x82\xac",
        "\xf0\x9f\x90\xa7", "\xef\xbf\xbd", "100%", "%", "%4", "%4g", "%%", "~/x", "a\xcc\x81"}) {
    EXPECT_EQ(to_label(text), text);
    EXPECT_EQ(to_text(text), text);
    EXPECT_TRUE(is_text(text)) << text;
  }
}

TEST(Label, ReplacesBytesThatMayNotBeThere) {
  const struct {
    std::string bytes;
    const char* label;
  } rows[] = {
      {"a\nb", "a%0Ab"},
      {"\x7f", "%7F"},
      {std::string("\0", 1), "%00"},
      {"\xff", "%FF"},
      {"\xc3", "%C3"},                                       // cut off
      {"\xc0\xaf", "%C0%AF"},                                // overlong
      {"\xed\xa0\x80", "%ED%A0%80"},                         // a surrogate
      {"\xf4\x90\x80\x80", "%F4%90%80%80"},                  // above U+10FFFF
      {"\xc2\x85", "%C2%85"},                                // C1
      {"x\xe2\x80\xaegnp.exe", "x%E2%80%AEgnp.exe"},         // U+202E, right to left
      {"\xd8\x9c\xe2\x81\xa6", "%D8%9C%E2%81%A6"},           // U+061C and U+2066, of direction
      {"\xe2\x80\xa8\xe2\x80\xa9", "%E2%80%A8%E2%80%A9"},    // U+2028 and U+2029, ends of lines
      {"a\xe2\x80\x8b\xef\xbb\xbf", "a%E2%80%8B%EF%BB%BF"},  // U+200B and U+FEFF, of no width
      {"\xc2\xad\xe1\xa0\x8e\xe2\x81\xa0", "%C2%AD%E1%A0%8E%E2%81%A0"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(to_label(row.bytes), row.label);
    EXPECT_EQ(to_text(row.bytes), row.label);
    EXPECT_EQ(to_text(row.label), row.label) << "once is enough";
    EXPECT_FALSE(is_text(row.bytes)) << row.label;
    EXPECT_FALSE(is_text("a" + row.bytes)) << row.label;
    EXPECT_TRUE(is_text(row.label));
  }
}

TEST(Label, TellsAPercentSignFromTheOneOfAReplacement) {
  EXPECT_EQ(to_label("%0A"), "%250A");
  EXPECT_EQ(to_label("%ff%"), "%25ff%");
  EXPECT_EQ(to_label("%%41"), "%%2541");
  EXPECT_EQ(to_label("%4\x01"), "%4%01");
  EXPECT_EQ(to_text("%0A"), "%0A");
}

TEST(Label, TakesThreeBytesForAByteAtMost) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) {
    for (const int other : {0x00, 0x25, 0x34, 0x80, 0xc2, 0xe2, 0xff}) {
      bytes = {static_cast<char>(byte), static_cast<char>(other), '1'};
      EXPECT_LE(to_label(bytes).size(), 3 * bytes.size());
    }
  }
}

TEST(Label, IsCutToTheEndAndAHash) {
  const std::string longest(max_label_size, 'x');
  EXPECT_EQ(to_label(longest), longest);
  // the SHA-256 of 513 times x
  EXPECT_EQ(to_label(longest + 'x'),
            "~35ADE0090E64E74D6AD04204009C23A4~" + std::string(max_label_size - 34, 'x'));
  EXPECT_EQ(to_text(longest + 'x'), longest + 'x') << "only labels are cut";
}

TEST(Label, OfDifferentBytesWithTheSameEndDiffer) {
  const std::string end(4000, '/');
  EXPECT_NE(to_label("/a" + end), to_label("/b" + end));
  EXPECT_NE(to_label("/\x01" + end), to_label("/%01" + end));
}

TEST(Label, IsNotCutInsideOfACharacterOrReplacement) {
  const std::string parts[] = {"\x01", "\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x90\xa7", "%"};
  for (const auto& part : parts) {
    std::string bytes;
    for (int i = 0; i < 600; ++i) bytes += part;
    for (int i = 0; i < 4; ++i) {
      const std::string label = to_label(bytes + std::string(static_cast<std::size_t>(i), 'x'));
      EXPECT_LE(label.size(), max_label_size);
      EXPECT_GT(label.size(), max_label_size - 6);
      const auto piece = to_label(part);
      EXPECT_EQ(label.substr(34, piece.size()), piece);
    }
  }
}

TEST(Label, OfBytesThatLookLikeACutLabelIsAnother) {
  const std::string cut = to_label(std::string(600, 'x'));
  EXPECT_NE(to_label(cut), cut);
  EXPECT_TRUE(to_label(cut).starts_with('~'));
  const std::string digits(32, 'A');
  EXPECT_NE(to_label('~' + digits + '~'), '~' + digits + '~');
  EXPECT_EQ(to_label('~' + digits), '~' + digits);
  EXPECT_EQ(to_label('~' + std::string(32, 'a') + '~'), '~' + std::string(32, 'a') + '~');
}

TEST(Label, FindsWhatIsNoText) {
  EXPECT_EQ(find_binary(""), std::string::npos);
  EXPECT_EQ(find_binary("k\xc3\xa4se %41 \xe2\x80\xae\xef\xbf\xbd"), std::string::npos);
  EXPECT_EQ(find_binary("ab\n"), 2U);
  EXPECT_EQ(find_binary("\xc3\xa4\xff"), 2U);
  EXPECT_EQ(find_binary("\xc2\x85"), 0U);
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
