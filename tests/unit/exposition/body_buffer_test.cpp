// SPDX-License-Identifier: Apache-2.0
#include "exposition/body_buffer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace cgroup2::exposition {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class BodyBufferTest : public testing::Test {
 protected:
  // Writes a line in one piece, as the exposition does.
  void write(std::string_view line) {
    buffer.add(line.size(), [line](char* at) { return put(at, line); });
  }

  std::vector<std::string> pieces;
  std::size_t most = 1'000;  // that are wanted
  const base::Sink sink = [this](std::string_view piece) {
    pieces.emplace_back(piece);
    return pieces.size() < most;
  };
  BodyBuffer buffer{sink};
};

TEST_F(BodyBufferTest, OfNothingIsNotHandedOn) {
  buffer.flush();
  buffer.add("");
  buffer.flush();
  EXPECT_THAT(pieces, IsEmpty());
  EXPECT_TRUE(buffer.is_wanted());
}

TEST_F(BodyBufferTest, IsHandedOnWhenItEnds) {
  write("a\n");
  buffer.add("b\n");
  EXPECT_THAT(pieces, IsEmpty());
  buffer.flush();
  buffer.flush();
  EXPECT_THAT(pieces, ElementsAre("a\nb\n"));
}

TEST_F(BodyBufferTest, IsHandedOnBeforeALineThatHasNoRoom) {
  const std::string first(BodyBuffer::size - 2, 'x');
  write(first);
  write("yz");  // fills it
  EXPECT_THAT(pieces, IsEmpty());
  write("1");
  EXPECT_THAT(pieces, ElementsAre(first + "yz"));
  buffer.flush();
  EXPECT_THAT(pieces, ElementsAre(first + "yz", "1"));
}

TEST_F(BodyBufferTest, HasRoomForItsSizeAtOnce) {
  write("a");
  const std::string whole(BodyBuffer::size, 'x');
  write(whole);
  buffer.flush();
  EXPECT_THAT(pieces, ElementsAre("a", whole));
}

TEST_F(BodyBufferTest, TakesTextOfAnyLength) {
  std::string text;
  while (text.size() < 3 * BodyBuffer::size + 7) text += std::to_string(text.size());
  buffer.add("first\n");
  buffer.add(text);
  buffer.flush();
  std::string joined;
  for (const auto& piece : pieces) {
    EXPECT_LE(piece.size(), BodyBuffer::size);
    joined += piece;
  }
  EXPECT_EQ(joined, "first\n" + text);
}

TEST_F(BodyBufferTest, TakesLinesThatAreShorterThanTheirBound) {
  const std::string longest(BodyBuffer::size + 1, 'x');
  for (const std::size_t bound : {std::size_t{10}, BodyBuffer::size, 2 * BodyBuffer::size})
    buffer.add(bound, [](char* at) { return put(at, "a\n"); });
  buffer.add(longest.size() + 5, [&](char* at) { return put(at, longest); });
  buffer.flush();
  std::string joined;
  for (const auto& piece : pieces) joined += piece;
  EXPECT_EQ(joined, "a\na\na\n" + longest);
}

TEST_F(BodyBufferTest, IsDroppedOnceNobodyWantsMore) {
  most = 1;
  buffer.add("a");
  buffer.flush();
  EXPECT_FALSE(buffer.is_wanted());
  buffer.add(std::string(2 * BodyBuffer::size, 'x'));
  buffer.flush();
  EXPECT_THAT(pieces, ElementsAre("a"));
  EXPECT_FALSE(buffer.is_wanted());
}

}  // namespace
}  // namespace cgroup2::exposition
