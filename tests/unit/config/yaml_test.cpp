// SPDX-License-Identifier: Apache-2.0
#include "config/yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

namespace cgroup2::config {
namespace {

using namespace std::string_literals;

// "LINE:COLUMN text", or "a tree".
std::string problem_of(const std::string& text) {
  const auto parsed = parse_yaml(text);
  const auto* problem = std::get_if<YamlProblem>(&parsed);
  if (problem == nullptr) return "a tree";
  return std::to_string(problem->place.line) + ':' + std::to_string(problem->place.column) + ' ' +
         problem->text;
}

// {key: value@LINE:COLUMN, ...}
std::string shape(const YamlNode& node) {
  const auto at = '@' + std::to_string(node.place.line) + ':' + std::to_string(node.place.column);
  std::string inner;
  switch (node.kind) {
    case YamlKind::nothing:
      return "~" + at;
    case YamlKind::value:
      return node.text + at;
    case YamlKind::list:
      for (const auto& child : node.children) inner += ' ' + shape(child);
      return "[" + inner + " ]" + at;
    case YamlKind::map:
      for (const auto& child : node.children) inner += ' ' + shape(child);
      return "{" + inner + " }" + at;
  }
  return "";
}

TEST(ParseYaml, SaysWhereTheSyntaxIsWrong) {
  const std::pair<std::string, const char*> rows[] = {
      {"a: 1\n b: 2\n", "2:3 illegal map value"},
      {"\ta: 1\n", "1:3 illegal map value"},
      {"a:\n\tb: 1\n", "2:3 illegal map value"},
      {"a: {b: 1\n", "2:1 end of map flow not found"},
      {"a: [b\n", "2:1 end of sequence flow not found"},
      {"a: }\n", "1:4 illegal flow end"},
      {"a: *\n", "1:5 alias not found after *"},
      {"a: \"\\q\"\n", "1:7 unknown escape character: q"},
      {"a: @\n", "1:4 unknown token"},
      {"%YAML 3.0\n---\n", "1:1 YAML major version too large"},
  };
  for (const auto& [text, problem] : rows) EXPECT_EQ(problem_of(text), problem) << text;
}

TEST(ParseYaml, RefusesAQuoteThatDoesNotEnd) {
  for (const auto* text : {"a: \"b\n", "a: 'b\n", "a: \"b", "a: 'b", "a: \"b\n---\n\"\n"}) {
    EXPECT_EQ(problem_of(text), "2:1 unterminated quoted text") << text;
  }
}

TEST(ParseYaml, RefusesWhatSettingsDoNotNeed) {
  const std::pair<std::string, const char*> rows[] = {
      {"a: 1\n---\nb: 2\n", "2:1 more than one document"},
      {"a: 1\n...\nb: 2\n", "3:1 more than one document"},
      {"---\n---\n", "2:1 more than one document"},
      {"a: &x 1\n", "1:4 anchors and aliases are not supported"},
      {"&x [*x]\n", "1:1 anchors and aliases are not supported"},
      {"a: *x\n", "1:4 anchors and aliases are not supported"},
      {"a: !!str 1\n", "1:4 tags are not supported"},
      {"a: !x [1]\n", "1:4 tags are not supported"},
      {"a: !x {b: 1}\n", "1:4 tags are not supported"},
      {"[[[[[[[[[1]]]]]]]]]", "1:9 nested too deeply"},
  };
  for (const auto& [text, problem] : rows) EXPECT_EQ(problem_of(text), problem) << text;
}

TEST(ParseYaml, RefusesBinaryFilesAtTheFirstBadByte) {
  const std::pair<std::string, const char*> rows[] = {
      {"a: 1\nb: \0"s, "2:4"},  // NUL
      {"\x7f"
       "ELF\2\1\1\0"s,
       "1:1"},  // DEL and more
      {"a: 1\n\x04"
       "b: 2\n",
       "2:1"},                  // yaml-cpp's mark for the end of the file
      {"caf\xe9: 1\n", "1:4"},  // Latin-1
      {"\xff\xfe"
       "a\0"s,
       "1:1"},              // UTF-16
      {"\xc2\x85", "1:1"},  // C1
  };
  for (const auto& [text, place] : rows) {
    EXPECT_EQ(problem_of(text),
              std::string(place) + " not text in UTF-8 without control characters");
  }
}

TEST(ParseYaml, EndsOnEndlessRepetition) {
  const std::pair<const char*, testing::Matcher<std::string>> rows[] = {
      {"[", "1:5 nested too deeply"},
      {"{", "1:8 nested too deeply"},
      {"- ", "1:17 nested too deeply"},
      {"? ", "1:17 nested too deeply"},
      {": ", "1:17 nested too deeply"},
      {"{a: ", "1:29 nested too deeply"},
      {"&a ", "1:4 cannot assign multiple anchors to the same node"},
      {"*a ", "1:1 anchors and aliases are not supported"},
      {"!a ", "1:4 cannot assign multiple tags to the same node"},
      {"a:\n", "a tree"},
      {"[],", "1:3 more than one document"},
      {"---\n", "2:1 more than one document"},
      {"%A\n", "a tree"},
      {"#", "a tree"},
      // The second is that of yaml-cpp 0.9.
      {"\"", testing::AnyOf("1:3 more than one document", "1:3 unexpected scalar")},
      {"'", "a tree"},
      {"|\n", "2:1 more than one document"},
      {">\n ", "a tree"},
      {"\xc3\xa9", "a tree"},
      {"\n", "a tree"},
      {"\t", "a tree"},
      {"\r", "a tree"},
  };
  constexpr std::size_t size = std::size_t{1} << 17;
  for (const auto& [unit, problem] : rows) {
    std::string text;
    while (text.size() < size) text += unit;
    EXPECT_THAT(problem_of(text), problem) << unit;
  }
}

TEST(ParseYaml, SurvivesEveryPrefixOfAFile) {
  const std::string text =
      "%YAML 1.2\n--- # c\na: {b: [\"x\\u00e9\", 'y''z'], ? q : ~}\nc: |2-\n    t\nd: >\n u\n\n "
      "v\ne: - 1\n...\n";
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const auto prefix = text.substr(0, length);
    const auto parsed = parse_yaml(prefix);
    const auto* problem = std::get_if<YamlProblem>(&parsed);
    if (problem == nullptr) continue;
    const auto lines = std::count(prefix.begin(), prefix.end(), '\n') + 1;
    EXPECT_GE(problem->place.line, 1) << prefix;
    EXPECT_LE(problem->place.line, lines + 1) << prefix;
    EXPECT_GE(problem->place.column, 1) << prefix;
    EXPECT_NE(problem->text, "") << prefix;
  }
}

TEST(ParseYaml, TakesAnEmptyDocumentForNothing) {
  for (const auto* text :
       {"", "\n", "  \n", "# comment", "---\n", "---\n...\n", "...\n", "~\n", "null\n"}) {
    const auto parsed = parse_yaml(text);
    ASSERT_TRUE(std::holds_alternative<YamlNode>(parsed)) << text;
    EXPECT_EQ(std::get<YamlNode>(parsed).kind, YamlKind::nothing) << text;
  }
}

TEST(ParseYaml, KeepsOrderDuplicatesAndPlaces) {
  const std::pair<std::string, const char*> rows[] = {
      {"b: 1\na: 2\nb: 3\n", "{ b@1:1 1@1:4 a@2:1 2@2:4 b@3:1 3@3:4 }@1:1"},
      {"a:\n  - x\n  - \"y\"\n", "{ a@1:1 [ x@2:5 y@3:5 ]@2:3 }@1:1"},
      {"a: {b: , c: ~}\n", "{ a@1:1 { b@1:5 ~@1:5 c@1:10 ~@1:10 }@1:4 }@1:1"},
      {"a:\n\n\nb: 1\n", "{ a@1:1 ~@1:1 b@4:1 1@4:4 }@1:1"},
      {"a:\r\n  b: 1\r\n", "{ a@1:1 { b@2:3 1@2:6 }@2:3 }@1:1"},
      {"\xef\xbb\xbf"
       "a: 1",
       "{ a@1:1 1@1:4 }@1:1"},
      {"a: |\n  x\n  y", "{ a@1:1 x\ny\n@1:4 }@1:1"},
      {"a: ''\n", "{ a@1:1 @1:4 }@1:1"},
      {"a: 1\n...\n", "{ a@1:1 1@1:4 }@1:1"},
  };
  for (const auto& [text, expected] : rows) {
    const auto parsed = parse_yaml(text);
    ASSERT_TRUE(std::holds_alternative<YamlNode>(parsed)) << problem_of(text);
    EXPECT_EQ(shape(std::get<YamlNode>(parsed)), expected) << text;
  }
}

TEST(ParseYaml, TellsTextInQuotesFromPlainValues) {
  const std::pair<const char*, bool> rows[] = {
      {"true", false}, {"1", false}, {"a b", false},     {"'1'", true},
      {"\"1\"", true}, {"''", true}, {"|\n  1\n", true}, {">-\n  1\n", true}};
  for (const auto& [text, is_quoted] : rows) {
    const auto parsed = parse_yaml(text);
    ASSERT_TRUE(std::holds_alternative<YamlNode>(parsed)) << text;
    EXPECT_EQ(std::get<YamlNode>(parsed).kind, YamlKind::value) << text;
    EXPECT_EQ(std::get<YamlNode>(parsed).is_quoted, is_quoted) << text;
  }
}

TEST(ParseYaml, KeepsTheLinesOfABlock) {
  const std::string pem = "-----BEGIN A-----\nAAAA\nBBBB==\n-----END A-----\n";
  const auto parsed = parse_yaml(
      "a:\n  cert: |\n    -----BEGIN A-----\n    AAAA\n    BBBB==\n    "
      "-----END A-----\n  key: 1\n");
  ASSERT_TRUE(std::holds_alternative<YamlNode>(parsed));
  EXPECT_EQ(std::get<YamlNode>(parsed).children.at(1).children.at(1).text, pem);
}

}  // namespace
}  // namespace cgroup2::config
