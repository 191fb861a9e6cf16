// SPDX-License-Identifier: Apache-2.0
#include "exposition/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace cgroup2::exposition {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PageTest : public testing::Test {
 protected:
  // Writes a line in one piece, as the exposition does.
  void write(std::string_view line) {
    page.written_to(std::ranges::copy(line, page.reserve(line.size())).out);
  }

  std::vector<std::string> pieces;
  std::size_t most = 1'000;  // that are wanted
  const base::Sink sink = [this](std::string_view piece) {
    pieces.emplace_back(piece);
    return pieces.size() < most;
  };
  Page page{sink};
};

TEST_F(PageTest, OfNothingIsNotHandedOn) {
  page.flush();
  page.add("");
  page.flush();
  EXPECT_THAT(pieces, IsEmpty());
  EXPECT_TRUE(page.is_wanted());
}

TEST_F(PageTest, IsHandedOnWhenItEnds) {
  write("a\n");
  page.add("b\n");
  EXPECT_THAT(pieces, IsEmpty());
  page.flush();
  page.flush();
  EXPECT_THAT(pieces, ElementsAre("a\nb\n"));
}

TEST_F(PageTest, IsHandedOnBeforeALineThatHasNoRoom) {
  const std::string first(Page::size - 2, 'x');
  write(first);
  write("yz");  // fills it
  EXPECT_THAT(pieces, IsEmpty());
  write("1");
  EXPECT_THAT(pieces, ElementsAre(first + "yz"));
  page.flush();
  EXPECT_THAT(pieces, ElementsAre(first + "yz", "1"));
}

TEST_F(PageTest, HasRoomForAPageAtOnce) {
  write("a");
  const std::string whole(Page::size, 'x');
  write(whole);
  page.flush();
  EXPECT_THAT(pieces, ElementsAre("a", whole));
}

TEST_F(PageTest, TakesTextOfAnyLength) {
  std::string text;
  while (text.size() < 3 * Page::size + 7) text += std::to_string(text.size());
  page.add("first\n");
  page.add(text);
  page.flush();
  std::string joined;
  for (const auto& piece : pieces) {
    EXPECT_LE(piece.size(), Page::size);
    joined += piece;
  }
  EXPECT_EQ(joined, "first\n" + text);
}

TEST_F(PageTest, IsDroppedOnceNobodyWantsMore) {
  most = 1;
  page.add("a");
  page.flush();
  EXPECT_FALSE(page.is_wanted());
  page.add(std::string(2 * Page::size, 'x'));
  page.flush();
  EXPECT_THAT(pieces, ElementsAre("a"));
  EXPECT_FALSE(page.is_wanted());
}

}  // namespace
}  // namespace cgroup2::exposition
