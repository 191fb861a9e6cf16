// SPDX-License-Identifier: Apache-2.0
#include "base/replace_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "support/tree.h"

namespace cgroup2::base {
namespace {

TEST(ReplaceFile, WritesTheWholeTextOrNothing) {
  const cgroup2::test::Tree tree{{"file", ""}};
  const std::string path = tree.path("state/oom.json");
  ASSERT_EQ(replace_file(path, "old"), 0);
  tree.write("state/oom.json.new/in-the-way", "");
  EXPECT_NE(replace_file(path, "new"), 0);
  std::ifstream file(path);
  std::string text;
  file >> text;
  EXPECT_EQ(text, "old");
  EXPECT_NE(replace_file(tree.path("file/oom.json"), "x"), 0);
}

TEST(ReplaceFile, GivesTheFileToWhomTheDirectoryBelongs) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  const cgroup2::test::Tree tree{{"state/other", ""}};
  ASSERT_EQ(::chown(tree.path("state").c_str(), 65534, 65533), 0);
  const std::string path = tree.path("state/oom.json");
  ASSERT_EQ(replace_file(path, "text"), 0);
  struct stat found {};
  ASSERT_EQ(::stat(path.c_str(), &found), 0);
  EXPECT_EQ(found.st_uid, 65534U);
  EXPECT_EQ(found.st_gid, 65533U);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

}  // namespace
}  // namespace cgroup2::base
