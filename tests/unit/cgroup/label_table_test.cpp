// SPDX-License-Identifier: Apache-2.0
#include "cgroup/label_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace cgroup2::cgroup {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr int most_labels = 8192;

// Gives numbers until there are `count`.
void crowd(LabelTable& labels, int count) {
  for (int i = 0; i < count; ++i) ASSERT_TRUE(labels.intern("key" + std::to_string(i)));
}

TEST(LabelTable, HasNoNumberForOneTooMany) {
  LabelTable labels;
  crowd(labels, most_labels);
  EXPECT_EQ(labels.intern("one more"), std::nullopt);
  EXPECT_EQ(labels.intern("key0"), 0) << "known ones stay known";
  EXPECT_EQ(labels.intern("key8191"), most_labels - 1);
  labels.forget();
  EXPECT_EQ(labels.intern("one more"), 0);
}

TEST(LabelTable, IsCrowdedBeyondHalfOfTheNumbers) {
  LabelTable labels;
  crowd(labels, most_labels / 2);
  EXPECT_FALSE(labels.is_crowded());
  ASSERT_TRUE(labels.intern("one more"));
  EXPECT_TRUE(labels.is_crowded());
  labels.forget();
  EXPECT_FALSE(labels.is_crowded());
}

TEST(LabelTable, HasOneNumberForEachValue) {
  LabelTable labels;
  EXPECT_EQ(labels.intern("anon"), 0);
  EXPECT_EQ(labels.intern(""), 1);
  EXPECT_EQ(labels.intern("anon"), 0);
  EXPECT_EQ(labels.intern("Anon"), 2);
  EXPECT_EQ(labels.intern(std::string("anon\0", 5)), 3);
}

TEST(LabelTable, KeepsTheValueAsItWasReadAndPublishesItEscaped) {
  LabelTable labels;
  const std::string hostile("a\"b\\\n\xff", 6);
  EXPECT_EQ(labels.text(*labels.intern(hostile)), hostile);
  EXPECT_THAT(*labels.published(), ElementsAre("a\\\"b\\\\%0A%FF"));
}

TEST(LabelTable, KeepsTextsWhileOthersCome) {
  LabelTable labels;
  const auto text = labels.text(*labels.intern("anon"));
  crowd(labels, 5'000);
  EXPECT_EQ(text, "anon");
  EXPECT_EQ(text.data(), labels.text(0).data());
}

TEST(LabelTable, PublishesAnewOnlyWhatIsNew) {
  LabelTable labels;
  EXPECT_THAT(*labels.published(), IsEmpty());
  (void)labels.intern("a");
  const auto first = labels.published();
  (void)labels.intern("a");
  EXPECT_EQ(labels.published(), first);
  (void)labels.intern("b");
  EXPECT_THAT(*labels.published(), ElementsAre("a", "b"));
  EXPECT_THAT(*first, ElementsAre("a")) << "a snapshot that has it stays as it is";
}

TEST(LabelTable, LeavesWhatWasPublishedWhenItForgets) {
  LabelTable labels;
  (void)labels.intern("a");
  const auto before = labels.published();
  labels.forget();
  EXPECT_THAT(*labels.published(), IsEmpty());
  EXPECT_EQ(labels.intern("b"), 0);
  EXPECT_THAT(*labels.published(), ElementsAre("b"));
  EXPECT_THAT(*before, ElementsAre("a"));
}

}  // namespace
}  // namespace cgroup2::cgroup
