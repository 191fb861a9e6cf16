// SPDX-License-Identifier: Apache-2.0
#include "identity/json_strings.h"

#include <gtest/gtest.h>

#include <string>

namespace cgroup2::identity {
namespace {

std::string repeat(std::string_view text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

// "a/0=x b=y", and "!" if it was no JSON.
std::string strings_of(std::string_view text) {
  std::string all;
  const bool is_whole = for_each_string(text, [&](JsonPath path, const std::string& value) {
    if (!all.empty()) all += ' ';
    for (std::size_t i = 0; i < path.size(); ++i) all += (i > 0 ? "/" : "") + path[i];
    all += '=' + value;
  });
  return is_whole ? all : all + '!';
}

struct Row {
  std::string_view text, expected;
};

TEST(JsonStrings, KnowWhereTheyStand) {
  constexpr Row rows[] = {
      {R"("top")", "=top"},
      {R"({"a":"x","b":{"c":"y","d":{}},"e":"z"})", "a=x b/c=y e=z"},
      {R"(["x",1,["y",[],"z"],{"a":"b"},"last"])", "0=x 2/0=y 2/2=z 3/a=b 4=last"},
      {R"({"a":[{"b":"x"},null,{"b":"y"}],"c":"z"})", "a/0/b=x a/2/b=y c=z"},
      {R"({"a":"1","a":"2"})", "a=1 a=2"},
      {R"({"":"empty","a/b":"slash"})", "=empty a/b=slash"},
      {R"({"a":1,"b":-1,"c":1.5e3,"d":true,"e":false,"f":null})", ""},
      {R"({"a":"A\"\\\n\ud83d\ude42"})", "a=A\"\\\n\xf0\x9f\x99\x82"},
      {"\xef\xbb\xbf{\"a\":\"x\"}", "a=x"},
      {" \n\t{ } \n", ""},
  };
  for (const auto& row : rows) EXPECT_EQ(strings_of(row.text), row.expected) << row.text;
  EXPECT_EQ(strings_of(R"({"a":"x\u0000y"})"), std::string("a=x\0y", 5));
}

TEST(JsonStrings, AreVisitedUpToTheFault) {
  constexpr Row rows[] = {
      {"", "!"},
      {R"({"a":"x")", "a=x!"},
      {R"({"a":"x","b)", "a=x!"},
      {R"({"a":"x"} {)", "a=x!"},
      {R"({"a":"x"])", "a=x!"},
      {R"(["x"})", "0=x!"},
      {R"({"a":"x","b":1e999})", "a=x!"},
      {R"({"a":"x",})", "a=x!"},
      {R"({"a":"x"/**/})", "a=x!"},
      {R"({a:"x"})", "!"},
      {R"({1:"x"})", "!"},
      {"}", "!"},
      {"]", "!"},
      {"nul", "!"},
      {R"({"a":"\ud800"})", "!"},
      {"{\"a\":\"x\",\"b\":\"\xff\"}", "a=x!"},
      {"{\"a\":\"\xc3\x28\"}", "!"},
      {"{\"a\":\"line\nbreak\"}", "!"},
  };
  for (const auto& row : rows) EXPECT_EQ(strings_of(row.text), row.expected) << row.text;
  EXPECT_EQ(strings_of(std::string_view("{\"a\":\"x\"}\0", 10)), "a=x") << "an end of C";
  EXPECT_EQ(strings_of(std::string_view("\0{\"a\":\"x\"}", 10)), "!");
}

TEST(JsonStrings, AreFoundSixteenLevelsDeep) {
  const auto nest = [](std::size_t levels) {
    return repeat("[", levels) + "\"x\"" + repeat("]", levels);
  };
  EXPECT_EQ(strings_of(nest(16)), repeat("0/", 15) + "0=x");
  EXPECT_EQ(strings_of(nest(17)), "!");
  for (const char* open : {"[", "{\"a\":", "[{\"a\":"})
    EXPECT_EQ(strings_of(R"({"a":"x","b":)" + repeat(open, 100'000)), "a=x!") << open;
}

TEST(JsonStrings, AreNotSoughtAmongMoreValuesThanAnyListHas) {
  EXPECT_TRUE(strings_of('[' + repeat("0,", 249'000) + "\"x\"]").ends_with("=x"));
  EXPECT_EQ(strings_of(R"(["x",)" + repeat("0,", 250'000) + "0]"), "0=x!");
  EXPECT_EQ(strings_of(R"(["x",)" + repeat("[],", 250'000) + "0]"), "0=x!");
}

TEST(JsonStrings, MayBeManyAndLong) {
  EXPECT_EQ(strings_of("{\"a\":\"" + std::string(10'000'000, 'x') + "\"}").size(), 10'000'002u);
  const auto many = strings_of("[" + repeat("\"x\",", 100'000) + "\"y\"]");
  EXPECT_TRUE(many.ends_with(" 99999=x 100000=y"));
}

}  // namespace
}  // namespace cgroup2::identity
