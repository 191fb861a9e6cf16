// SPDX-License-Identifier: Apache-2.0
#include "http/query.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace cgroup2::http {
namespace {

TEST(DecodePath, RefusesWhatIsNotEncodedProperly) {
  for (const auto* text :
       {"%", "/%", "/a%4", "/%zz", "/%4g", "/%-1", "/%+1", "/% 1", "/%00", "/metrics%00x"}) {
    EXPECT_FALSE(decode_path(text)) << text;
  }
}

TEST(DecodePath, DecodesOnceAndKeepsTheRest) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", ""},
      {"/metrics", "/metrics"},
      {"/%6detrics", "/metrics"},
      {"/%6Detrics", "/metrics"},
      {"/%41", "/A"},
      {"/a+b", "/a+b"},
      {"/%2541", "/%41"},
      {"/../%2e%2e/metrics", "/../../metrics"},
      {"//metrics", "//metrics"},
      {"/%ff", "/\xff"},
  };
  for (const auto& [text, decoded] : rows) EXPECT_EQ(decode_path(text), decoded) << text;
}

/// The parameters as "name=value;" for a comparison in one line.
std::string parsed(std::string_view query) {
  const auto parameters = parse_query(query);
  if (!parameters) return "refused";
  std::string text;
  for (const auto& [name, value] : *parameters) text += name + "=" + value + ";";
  return text;
}

TEST(ParseQuery, RefusesWhatIsNotEncodedProperly) {
  for (const auto* query : {"a=%", "%=a", "a=1&b=%4", "a=%00", "collect%5=cpu", "a=b&%zz"}) {
    EXPECT_EQ(parsed(query), "refused") << query;
  }
}

TEST(ParseQuery, RefusesMoreThanItsBounds) {
  std::string many = "a=1";
  for (std::size_t i = 1; i < QueryBounds().max_parameters; ++i) many += "&a=1";
  EXPECT_NE(parsed(many), "refused");
  EXPECT_EQ(parsed(many + "&a=1"), "refused");
  EXPECT_NE(parsed(std::string(QueryBounds().max_parameter_bytes, 'x')), "refused");
  EXPECT_EQ(parsed(std::string(QueryBounds().max_parameter_bytes + 1, 'x')), "refused");
}

TEST(ParseQuery, TakesParametersInTheirOrder) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"", ""},
      {"&&&", ""},
      {"a", "a=;"},
      {"=", "=;"},
      {"a=", "a=;"},
      {"a=b=c", "a=b=c;"},
      {"b=2&a=1&b=3", "b=2;a=1;b=3;"},
      {"collect[]=cpu&collect[]=memory", "collect[]=cpu;collect[]=memory;"},
      {"collect%5B%5D=cpu&collect%5b%5d=io", "collect[]=cpu;collect[]=io;"},
      {"a=x+y%20z%2B", "a=x y z+;"},
      {"a+b=1", "a b=1;"},
      {"a=%26%3d", "a=&=;"},
  };
  for (const auto& [query, expected] : rows) EXPECT_EQ(parsed(query), expected) << query;
}

}  // namespace
}  // namespace cgroup2::http
