// SPDX-License-Identifier: Apache-2.0
#include "http/target.h"

#include <gtest/gtest.h>

namespace cgroup2::http {
namespace {

TEST(Target, IsAPathOfAnyHostOrTheServer) {
  const struct {
    const char *text, *path, *query;
  } rows[] = {
      {"/", "/", ""},
      {"/metrics?a=b?c", "/metrics", "a=b?c"},
      {"/a%20b?%20", "/a b", "%20"},
      {"http://host:1/metrics?x", "/metrics", "x"},
      {"https://[::1]/", "/", ""},
      {"*", "*", ""},
  };
  for (const auto& row : rows) {
    const auto target = parse_target(row.text);
    ASSERT_TRUE(target) << row.text;
    EXPECT_EQ(target->path, row.path);
    EXPECT_EQ(target->query, row.query);
  }
  for (const auto* text : {"", "metrics", "http://host", "://", "/%", "/%00", "host:80", "**"})
    EXPECT_FALSE(parse_target(text)) << text;
}

}  // namespace
}  // namespace cgroup2::http
