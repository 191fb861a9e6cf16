// SPDX-License-Identifier: Apache-2.0
#include "config/yaml_walk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cgroup2::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class YamlWalkTest : public testing::Test {
 protected:
  // The value of the only key of a map.
  YamlNode value_of(const std::string& text) const {
    const auto root = walk.parse("k: " + text);
    return root ? root->children.at(1) : YamlNode{};
  }

  // Calls `entry` of a map with its keys.
  std::vector<std::string> keys_of(const std::string& text,
                                   const std::vector<std::string>& known) const {
    std::vector<std::string> keys;
    walk.each_entry(*walk.parse(text), "top.", known,
                    [&](const YamlNode& key, const YamlNode&) { keys.push_back(key.text); });
    return keys;
  }

  ProblemList problems;
  const YamlWalk walk{"f", problems};
};

TEST_F(YamlWalkTest, SaysWhereTheTextIsNoYaml) {
  EXPECT_FALSE(walk.parse("a: [b\n"));
  EXPECT_THAT(problems.take(), ElementsAre("f:2:1: end of sequence flow not found"));
}

TEST_F(YamlWalkTest, GoesToKnownKeysInTheOrderOfTheFile) {
  EXPECT_THAT(keys_of("b: 1\na: 2\n", {"a", "b", "c"}), ElementsAre("b", "a"));
  EXPECT_THAT(keys_of("", {"a"}), IsEmpty());
  EXPECT_THAT(problems.take(), IsEmpty());
}

TEST_F(YamlWalkTest, ReportsKeysThatAreNotKnownAndThoseThatComeTwice) {
  EXPECT_THAT(keys_of("interval: 1\nintervl: 1\n[x]: 1\ninterval: 2\n", {"interval"}),
              ElementsAre("interval"));
  EXPECT_THAT(problems.take(),
              ElementsAre("f:2:1: unknown key \"top.intervl\", did you mean \"top.interval\"?",
                          "f:3:1: a key must be a word, but is a list",
                          "f:4:1: duplicate key \"top.interval\", first in line 1"));
}

TEST_F(YamlWalkTest, ReportsWhatIsNoMap) {
  EXPECT_THAT(keys_of("[a]\n", {"a"}), IsEmpty());
  EXPECT_THAT(problems.take(), ElementsAre("f:1:1: top: must be a map, but is a list"));
}

TEST_F(YamlWalkTest, TakesAnyValueForItsText) {
  const std::pair<const char*, const char*> rows[] = {
      {"1\n", "1"},         {"0x1f\n", "0x1f"}, {"yes\n", "yes"},
      {"'null'\n", "null"}, {"null\n", ""},     {"|\n  a\n  b\n", "a\nb\n"}};
  for (const auto& [text, expected] : rows)
    EXPECT_EQ(walk.text_of(value_of(text), "k"), expected) << text;
  EXPECT_THAT(problems.take(), IsEmpty());
  EXPECT_EQ(walk.text_of(value_of("{}\n"), "k"), std::nullopt);
  EXPECT_THAT(problems.take(), ElementsAre("f:1:4: k: must be a single value, but is a map"));
}

TEST_F(YamlWalkTest, TakesTheBooleansOfYaml11) {
  for (const auto* text : {"true", "True", "TRUE", "yes", "Yes", "YES", "y", "Y", "on", "On", "ON"})
    EXPECT_EQ(walk.switch_of(value_of(text), "k"), true) << text;
  for (const auto* text :
       {"false", "False", "FALSE", "no", "No", "NO", "n", "N", "off", "Off", "OFF"})
    EXPECT_EQ(walk.switch_of(value_of(text), "k"), false) << text;
  EXPECT_EQ(walk.switch_of(value_of("~"), "k"), std::nullopt);
  EXPECT_THAT(problems.take(), IsEmpty());
  for (const auto* text : {"1", "'true'", "\"no\"", "tRUE", "[true]", "''"}) {
    EXPECT_EQ(walk.switch_of(value_of(text), "k"), std::nullopt) << text;
    EXPECT_THAT(problems.take(), ElementsAre("f:1:4: k: must be true or false")) << text;
  }
}

TEST_F(YamlWalkTest, GoesToTheItemsOfAList) {
  std::vector<std::string> items;
  const auto note = [&](const YamlNode& item) { items.push_back(item.text); };
  EXPECT_TRUE(walk.each_item(value_of("[a, b]"), "k", note));
  EXPECT_THAT(items, ElementsAre("a", "b"));
  EXPECT_TRUE(walk.each_item(value_of("[]"), "k", note));
  EXPECT_FALSE(walk.each_item(value_of("~"), "k", note));
  EXPECT_THAT(problems.take(), IsEmpty());
  EXPECT_FALSE(walk.each_item(value_of("a"), "k", note));
  EXPECT_THAT(problems.take(), ElementsAre("f:1:4: k: must be a list, but is a single value"));
  EXPECT_THAT(items, ElementsAre("a", "b"));
}

}  // namespace
}  // namespace cgroup2::config
