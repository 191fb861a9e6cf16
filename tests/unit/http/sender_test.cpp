// SPDX-License-Identifier: Apache-2.0
#include "http/sender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cgroup2::http {
namespace {

using testing::ElementsAre;

class SenderTest : public testing::Test {
 protected:
  base::Sink wire() {
    return [this](std::string_view text) {
      EXPECT_LE(text.size(), Sender::max_write_bytes);
      writes.emplace_back(text);
      return writes.size() < max_writes;
    };
  }

  std::string joined() const {
    std::string all;
    for (const auto& write : writes) all += write;
    return all;
  }

  std::vector<std::string> writes;
  std::size_t max_writes = 1'000;
};

TEST_F(SenderTest, SendsAShortAnswerAtOnce) {
  Sender sender("head ", false, wire());
  EXPECT_TRUE(sender.write("body"));
  EXPECT_TRUE(writes.empty());
  EXPECT_TRUE(sender.finish());
  EXPECT_THAT(writes, ElementsAre("head body"));
}

TEST_F(SenderTest, FramesChunks) {
  Sender sender("head ", true, wire());
  sender.write("0123456789abcdef");
  sender.write("");
  sender.write("x");
  EXPECT_TRUE(sender.finish());
  EXPECT_THAT(writes, ElementsAre("head 10\r\n0123456789abcdef\r\n1\r\nx\r\n0\r\n\r\n"));
}

TEST_F(SenderTest, AStreamWithoutAnythingIsAnEmptyBody) {
  Sender sender("head ", true, wire());
  EXPECT_TRUE(sender.finish());
  EXPECT_THAT(writes, ElementsAre("head 0\r\n\r\n"));
}

TEST_F(SenderTest, CutsWhatIsLarge) {
  for (const std::size_t size : {Sender::max_write_bytes - 5, Sender::max_write_bytes - 4,
                                 Sender::max_write_bytes, 5 * Sender::max_write_bytes + 1}) {
    writes.clear();
    std::string body;
    for (std::size_t i = 0; i < size; ++i) body += static_cast<char>('a' + i % 26);
    Sender sender("head ", false, wire());
    sender.write(body);
    EXPECT_TRUE(sender.finish());
    EXPECT_EQ(joined(), "head " + body) << size;
    const auto count = (5 + size + Sender::max_write_bytes - 1) / Sender::max_write_bytes;
    EXPECT_TRUE(count == 1 || writes.back().size() == 1U) << size;
    const bool has_one_more = count > 1 && (5 + size) % Sender::max_write_bytes != 1;
    EXPECT_EQ(writes.size(), count + (has_one_more ? 1 : 0));
  }
}

TEST_F(SenderTest, TellsWhenAllButOneByteOfALongAnswerIsSent) {
  for (const std::size_t size : {Sender::max_write_bytes, 3 * Sender::max_write_bytes + 5}) {
    writes.clear();
    Sender sender("h", false, wire());
    sender.write(std::string(size, 'x'));
    std::size_t before = 0;
    EXPECT_TRUE(sender.finish([&] { before = joined().size(); }));
    EXPECT_EQ(before, size) << "and the head";
    EXPECT_EQ(joined().size(), 1 + size);
  }
}

TEST_F(SenderTest, KeepsAnAnswerTogetherThatIsOneWrite) {
  Sender sender("h", false, wire());
  sender.write(std::string(Sender::max_write_bytes - 1, 'x'));
  std::size_t before = 1;
  EXPECT_TRUE(sender.finish([&] { before = joined().size(); }));
  EXPECT_EQ(before, 0U);
  EXPECT_EQ(writes.size(), 1U);
}

TEST_F(SenderTest, SendsNothingAfterAFailure) {
  max_writes = 1;
  Sender sender("", false, wire());
  EXPECT_FALSE(sender.write(std::string(3 * Sender::max_write_bytes, 'x')));
  EXPECT_FALSE(sender.write("y"));
  EXPECT_FALSE(sender.finish());
  EXPECT_EQ(writes.size(), 1U);
}

}  // namespace
}  // namespace cgroup2::http
