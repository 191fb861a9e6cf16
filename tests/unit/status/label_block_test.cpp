// SPDX-License-Identifier: Apache-2.0
#include "status/label_block.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "base/label.h"

namespace cgroup2::status {
namespace {

std::vector<std::pair<std::string, std::string>> all(std::string_view block) {
  std::vector<std::pair<std::string, std::string>> labels;
  while (auto label = next_label(block)) labels.emplace_back(label->name, label->value);
  return labels;
}

TEST(LabelBlock, ReadsWhatAppendLabelWrites) {
  std::string block;
  base::append_label(block, "unit", "a\\b\"c=\",d");
  base::append_label(block, "cgroup", "/x,y=\"");
  const std::vector<std::pair<std::string, std::string>> expected = {{"unit", "a\\b\"c=\",d"},
                                                                     {"cgroup", "/x,y=\""}};
  EXPECT_EQ(all(block), expected);
}

TEST(LabelBlock, UnescapesNewlines) {
  const std::vector<std::pair<std::string, std::string>> expected = {{"a", "\n"}};
  EXPECT_EQ(all("a=\"\\n\""), expected);
}

TEST(LabelBlock, EndsWhereItIsNone) {
  for (const auto* block : {"", "a", "a=", "a=\"", "a=\"b", "a=\"b\\", ","})
    EXPECT_TRUE(all(block).empty()) << block;
}

}  // namespace
}  // namespace cgroup2::status
