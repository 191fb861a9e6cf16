// SPDX-License-Identifier: Apache-2.0
#include "config/text_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/tree.h"

namespace cgroup2::config {
namespace {

TEST(TextFile, IsReadAsAWhole) {
  const std::string content(100'000, 'x');
  const test::Tree tree{{"f", content}, {"empty", ""}};
  tree.link("link", "f");
  std::string text;
  EXPECT_EQ(read_text_file(tree.path("f"), text), std::nullopt);
  EXPECT_EQ(text, content);
  EXPECT_EQ(read_text_file(tree.path("empty"), text), std::nullopt);
  EXPECT_EQ(text, "");
  EXPECT_EQ(read_text_file(tree.path("link"), text), std::nullopt);
  EXPECT_EQ(text, content);
}

TEST(TextFile, SaysWhyItCannotBeReadAndKeepsTheText) {
  const test::Tree tree{{"directory/", ""},
                        {"large", std::string((std::size_t{1} << 20) + 1, 'x')}};
  ASSERT_EQ(::mkfifo(tree.path("fifo").c_str(), 0600), 0);
  const std::pair<std::string, const char*> rows[] = {
      {tree.path("missing"), "No such file or directory"},
      {tree.path("directory"), "Is a directory"},
      {tree.path("fifo"), "not a regular file"},
      {"/dev/zero", "not a regular file"},
      {tree.path("large"), "larger than 1 MiB"},
  };
  for (const auto& [path, problem] : rows) {
    std::string text = "before";
    EXPECT_EQ(read_text_file(path, text), problem) << path;
    EXPECT_EQ(text, "before");
  }
}

}  // namespace
}  // namespace cgroup2::config
