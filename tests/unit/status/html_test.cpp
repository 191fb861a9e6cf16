// SPDX-License-Identifier: Apache-2.0
#include "status/html.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/label.h"

namespace cgroup2::status {
namespace {

std::string text_of(std::string_view text) {
  Html html;
  return html.text(text).take();
}

std::string parameter_of(std::string_view value) {
  Html html;
  return html.parameter(value).take();
}

TEST(Html, KeepsMarkupAndEscapesText) {
  Html html;
  html.add("<td title=\"").text("a\"b").add("\">").text("<&'>").number(18446744073709551615U);
  EXPECT_EQ(html.take(), "<td title=\"a&quot;b\">&lt;&amp;&#39;&gt;18446744073709551615");
}

TEST(Html, LeavesOrdinaryTextAsItIs) {
  for (const std::string text : {"", "a", "grün – 漢字 🙂", "a/b-c.d_e:f@g=h `$(x)`"})
    EXPECT_EQ(text_of(text), text);
}

TEST(Html, ShowsWhatNobodyMadeTextOfAsALabelHasIt) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"a\u202egpj.exe", "a%E2%80%AEgpj.exe"},
      {"\u2066x\u2069", "%E2%81%A6x%E2%81%A9"},
      {"\u061c<", "%D8%9C&lt;"},
      {"a\nb\x01", "a%0Ab%01"},
      {"\xff&", "%FF&amp;"},
      {"a\xe2\x80", "a%E2%80"},  // cut inside a character
  };
  for (const auto& [text, shown] : rows) EXPECT_EQ(text_of(text), shown);
}

TEST(Html, EncodesParametersSoThatTheyEndNowhere) {
  EXPECT_EQ(parameter_of("/a b&c=d#e%\"'<>+\n\xff"), "/a%20b%26c%3Dd%23e%25%22%27%3C%3E%2B%0A%FF");
  EXPECT_EQ(parameter_of("javascript:x"), "javascript%3Ax");
}

// Any bytes, as the kernel allows them in names: what comes out has no markup of its own.
TEST(Html, NeverLetsTextBecomeMarkup) {
  std::mt19937 random(1);
  constexpr char pieces[] = "<>\"'&=/;#x \n\t\r\\-!a\x80\xc2\xe2\x80\xae\xff";
  std::uniform_int_distribution<std::size_t> pick(0, sizeof pieces - 2);
  for (int i = 0; i < 20'000; ++i) {
    std::string name;
    for (int j = 0; j < 40; ++j) name += pieces[pick(random)];
    for (const std::string& shown : {text_of(name), text_of(base::to_label(name))}) {
      ASSERT_TRUE(base::is_text(shown)) << shown;
      ASSERT_EQ(shown.find_first_of("<>\"'"), std::string::npos) << shown;
      for (auto at = shown.find('&'); at != std::string::npos; at = shown.find('&', at + 1)) {
        const auto entity = shown.substr(at, shown.find(';', at) - at + 1);
        ASSERT_TRUE(entity == "&amp;" || entity == "&lt;" || entity == "&gt;" ||
                    entity == "&quot;" || entity == "&#39;")
            << shown;
      }
    }
    ASSERT_EQ(parameter_of(name).find_first_of("<>\"'&=#; \n"), std::string::npos);
  }
}

TEST(Html, HandsOnPiecesOfBoundedSize) {
  std::string text;
  std::size_t largest = 0;
  const base::Sink sink = [&](std::string_view piece) {
    text += piece;
    largest = std::max(largest, piece.size());
    return true;
  };
  Html html(sink);
  for (int i = 0; i < 100'000; ++i) html.add("<b>").text("a&b").number(7);
  EXPECT_GT(text.size(), 900'000U);
  html.flush();
  html.flush();
  EXPECT_EQ(text.size(), 100'000 * std::string_view("<b>a&amp;b7").size());
  EXPECT_LT(largest, Html::piece_bytes + 8);
}

TEST(Html, StopsWhenNoMoreIsWanted) {
  int pieces = 0;
  const base::Sink sink = [&](std::string_view) { return ++pieces < 2; };
  Html html(sink);
  while (html.is_wanted()) html.text("text");
  for (int i = 0; i < 100'000; ++i) html.text("text");
  html.flush();
  EXPECT_EQ(pieces, 2);
}

}  // namespace
}  // namespace cgroup2::status
