// SPDX-License-Identifier: Apache-2.0
#include "base/strict_walk.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>

#include "support/tree.h"

namespace cgroup2::base {
namespace {

using test::Tree;
using Open = Result<Fd>(const Fd& top, const std::string& path);

Fd open_directory(const std::string& path) {
  return Fd(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

// Both ways of opening.
class StrictWalk : public testing::TestWithParam<Open*> {
 protected:
  void SetUp() override {
    const auto opened = open_strictly_by_kernel(top, "a");
    const bool is_refused =
        !opened && (opened.error().code == ENOSYS || opened.error().code == EPERM);
    if (is_refused && GetParam() == open_strictly_by_kernel)
      GTEST_SKIP() << "openat2 is refused here";
  }
  [[nodiscard]] std::string outcome(const std::string& path) const {
    const auto opened = GetParam()(top, path);
    return opened ? "opened" : ::strerrorname_np(opened.error().code);
  }

  Tree tree{{"home/a/file", "x"}, {"other/file", "secret"}};
  Fd top = open_directory(tree.path("home"));
};

INSTANTIATE_TEST_SUITE_P(, StrictWalk,
                         testing::Values(open_strictly_by_kernel, open_strictly_in_steps),
                         [](const auto& each) { return each.index == 0 ? "ByKernel" : "InSteps"; });

TEST_P(StrictWalk, FollowsNoLinkAndLeavesNothing) {
  tree.link("home/link", "../other/file");
  tree.link("home/inside", "a/file");
  tree.link("home/directory", "/");
  tree.link("home/a/up", "..");
  ASSERT_EQ(::mkfifo(tree.path("home/fifo").c_str(), 0600), 0);
  const struct {
    const char *path, *expected;
  } rows[] = {
      {"a/file", "opened"},     {"a//file", "opened"},    {"a", "opened"},
      {"a/", "opened"},         {"./a/./file", "opened"}, {"fifo", "opened"},
      {"link", "ELOOP"},        {"inside", "ELOOP"},      {"directory/etc", "ELOOP"},
      {"a/up/a/file", "ELOOP"}, {"../other", "EXDEV"},    {"a/../../other", "EXDEV"},
      {"..", "EXDEV"},          {"/a/file", "EXDEV"},     {"gone", "ENOENT"},
      {"gone/file", "ENOENT"},  {"a/file/x", "ENOTDIR"},  {"a/file/", "ENOTDIR"},
      {"", "ENOENT"},
  };
  for (const auto& row : rows) EXPECT_EQ(outcome(row.path), row.expected) << row.path;
  EXPECT_EQ(outcome(std::string(5000, 'x')), "ENAMETOOLONG");
}

TEST_P(StrictWalk, EntersNoOtherMount) {
  tree.write("home/mounted/", "");
  if (::mount("none", tree.path("home/mounted").c_str(), "tmpfs", 0, nullptr) != 0)
    GTEST_SKIP() << "may not mount: " << ::strerrorname_np(errno);
  tree.write("home/mounted/file", "x");
  EXPECT_EQ(outcome("mounted"), "EXDEV");
  EXPECT_EQ(outcome("mounted/file"), "EXDEV");
  EXPECT_EQ(::umount2(tree.path("home/mounted").c_str(), MNT_DETACH), 0);
}

TEST_P(StrictWalk, IsNotMovedByARenameInTheMeantime) {
  tree.link("home/link", "../other");
  struct stat expected {};
  ASSERT_EQ(::stat(tree.path("home/a/file").c_str(), &expected), 0);
  std::atomic<bool> is_over = false;
  std::thread swapper([&] {
    while (!is_over) {
      (void)::renameat2(AT_FDCWD, tree.path("home/a").c_str(), AT_FDCWD,
                        tree.path("home/link").c_str(), RENAME_EXCHANGE);
    }
  });
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  int opened_count = 0;
  while (std::chrono::steady_clock::now() < end) {
    const auto opened = GetParam()(top, "a/file");
    if (!opened) continue;
    ++opened_count;
    struct stat status {};
    ASSERT_EQ(::fstat(opened->number(), &status), 0);
    ASSERT_EQ(status.st_ino, expected.st_ino);
  }
  is_over = true;
  swapper.join();
  EXPECT_GT(opened_count, 0);
}

}  // namespace
}  // namespace cgroup2::base
