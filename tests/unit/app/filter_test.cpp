// SPDX-License-Identifier: Apache-2.0
#include "app/filter.h"

#include <gtest/gtest.h>

namespace cgroup2::app {
namespace {

cgroup::Filter filter(const std::string& include, const std::string& exclude) {
  config::Config::CgroupChoice settings;
  settings.include = include;
  settings.exclude = exclude;
  return make_filter(settings);
}

TEST(Filter, MatchesTheWholePath) {
  const auto selects = filter("/a.*", "/ab");
  EXPECT_TRUE(selects("/a"));
  EXPECT_TRUE(selects("/abc"));
  EXPECT_FALSE(selects("/ab"));
  EXPECT_FALSE(selects("/x/a"));
}

TEST(Filter, TheDefaultSelectsEveryName) {
  const auto selects = make_filter({});
  for (const char* path : {"/", "/bad\xff\xfe", "/new\nline", "/k\xc3\xa4se", "/\x01"})
    EXPECT_TRUE(selects(path)) << path;
}

TEST(Filter, MatchesUtf8ByteByByte) { EXPECT_TRUE(filter("/k\xc3\xa4se", "")("/k\xc3\xa4se")); }

TEST(Filter, IsLinearOnHostileNames) {
  EXPECT_FALSE(filter("/(a*)*b", "")("/" + std::string(100'000, 'a')));
}

}  // namespace
}  // namespace cgroup2::app
