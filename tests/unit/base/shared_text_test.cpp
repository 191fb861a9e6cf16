// SPDX-License-Identifier: Apache-2.0
#include "base/shared_text.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cgroup2::base {
namespace {

TEST(SharedText, HasTheCharactersThatItWasMadeOf) {
  const std::string text("a\0b", 3);
  EXPECT_EQ(SharedText(text).view(), text);
  EXPECT_EQ(SharedText(text).size(), 3U);
  EXPECT_EQ(SharedText(std::string(1000, 'x')).view(), std::string(1000, 'x'));
  EXPECT_TRUE(SharedText("").empty());
  EXPECT_EQ(SharedText(), "");
  EXPECT_FALSE(SharedText("a").empty());
}

TEST(SharedText, SharesItsMemoryWithItsCopies) {
  const SharedText text("pod-1");
  SharedText copy = text;
  EXPECT_EQ(copy.view().data(), text.view().data());
  SharedText assigned("other");
  assigned = copy;
  EXPECT_EQ(assigned.view().data(), text.view().data());
  const SharedText moved = std::move(copy);
  EXPECT_EQ(moved.view().data(), text.view().data());
}

TEST(SharedText, OutlivesWhatItWasCopiedFrom) {
  SharedText copy;
  {
    const SharedText text("kubepods.slice");
    copy = text;
  }
  EXPECT_EQ(copy, "kubepods.slice");
  const SharedText& self = copy;
  copy = self;
  EXPECT_EQ(copy, "kubepods.slice");
  copy.clear();
  EXPECT_TRUE(copy.empty());
}

TEST(SharedText, IsOrderedByItsCharacters) {
  EXPECT_EQ(SharedText("a"), SharedText("a"));
  EXPECT_NE(SharedText("a"), SharedText("b"));
  EXPECT_NE(SharedText("a"), std::string("b"));
  EXPECT_LT(SharedText(), SharedText("a"));
  EXPECT_LT(SharedText("a"), SharedText("a\x80"));
  EXPECT_LT(SharedText("z"), SharedText("\x80"));
  EXPECT_TRUE(SharedText("user@1.service").starts_with("user@"));
  EXPECT_TRUE(SharedText("user@1.service").ends_with(".service"));
}

// ThreadSanitizer looks at it.
TEST(SharedText, IsCopiedByManyThreads) {
  const SharedText text("shared");
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([text] {
        for (int copies = 0; copies < 1000; ++copies) {
          const SharedText copy = text;
          EXPECT_EQ(copy.size(), 6U);
        }
      });
    }
  }
  EXPECT_EQ(text, "shared");
}

}  // namespace
}  // namespace cgroup2::base
