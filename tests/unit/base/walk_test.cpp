// SPDX-License-Identifier: Apache-2.0
#include "base/walk.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "base/rooted.h"
#include "support/seccomp.h"
#include "support/tree.h"

namespace cgroup2::base {
namespace {

using test::Tree;

// The name of the errno, or what was opened: device, inode and kind.
std::string outcome(const Result<Fd>& opened) {
  if (!opened) return ::strerrorname_np(opened.error().code);
  struct stat status {};
  EXPECT_EQ(::fstat(opened->number(), &status), 0);
  return std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino) + ':' +
         std::to_string(status.st_mode & S_IFMT);
}

class Walk : public ::testing::Test {
 protected:
  void expect_the_same(const std::string& path) const {
    for (const int flags : {0, O_NOFOLLOW, O_DIRECTORY}) {
      const std::string by_kernel = outcome(open_by_kernel(root, path, flags));
      if (by_kernel == "ENOSYS" || by_kernel == "EPERM") GTEST_SKIP() << "openat2 is refused here";
      EXPECT_EQ(outcome(open_in_steps(root, path, flags)), by_kernel)
          << path << " with flags " << flags;
    }
  }

  Tree tree{{"root/etc/file", "inside"}, {"root/a/b/", ""}, {"etc/file", "outside"}, {"file", ""}};
  Dir root = *Dir::open(tree.path("root"));
};

TEST_F(Walk, EndsWhereTheKernelDoes) {
  tree.link("root/absolute", "/etc/file");
  tree.link("root/upwards", "../etc/file");
  tree.link("root/a/b/far", "../../../../../../etc/file");
  tree.link("root/directory", "/../../etc");
  tree.link("root/chain", "/directory/../upwards");
  tree.link("root/outside", tree.path("etc/file"));
  tree.link("root/top", "/");
  tree.link("root/slashed", "etc/");
  tree.link("root/file_slashed", "etc/file/");
  tree.link("root/loop", "/pool");
  tree.link("root/pool", "/loop");
  tree.link("root/self", "self");
  tree.link("root/dangling", "/nowhere");
  ASSERT_EQ(::mkfifo(tree.path("root/fifo").c_str(), 0600), 0);
  for (const char* path : {"etc/file",
                           "/etc/file",
                           "//etc//file",
                           "../etc/file",
                           "../../../etc/file",
                           "a/../etc/file",
                           "a/b/../../etc/./file",
                           "absolute",
                           "upwards",
                           "a/b/far",
                           "directory/file",
                           "directory",
                           "directory/",
                           "chain",
                           "../file",
                           "outside",
                           "top",
                           "top/etc/file",
                           "slashed/file",
                           "slashed",
                           "file_slashed",
                           "loop",
                           "self",
                           "self/x",
                           "dangling",
                           "dangling/",
                           "dangling/x",
                           "fifo",
                           "fifo/",
                           "fifo/x",
                           "etc/file/",
                           "etc/file/.",
                           "etc/file/..",
                           "",
                           "/",
                           ".",
                           "..",
                           "./",
                           "a/",
                           "a/.",
                           "a/..",
                           "gone",
                           "gone/",
                           "gone/..",
                           "gone/x",
                           "a/b/gone"})
    expect_the_same(path);
}

TEST_F(Walk, BoundsWhatOthersMakeLong) {
  for (int i = 0; i < 45; ++i) tree.link("root/l" + std::to_string(i), "l" + std::to_string(i + 1));
  tree.write("root/l45", "x");
  expect_the_same("l5");  // 40 links
  expect_the_same("l4");
  expect_the_same(std::string(300, 'x'));
  expect_the_same(std::string(100'000, '/'));
  expect_the_same(std::string(4095, '/'));
  expect_the_same(std::string(4096, '/'));
  std::string deep, back;
  for (int i = 0; i < 65; ++i) {
    deep += "d/";
    back += "../";
    tree.write("root/" + deep, "");
  }
  expect_the_same(deep.substr(2));
  EXPECT_EQ(outcome(open_in_steps(root, deep, 0)), "ENAMETOOLONG");
  expect_the_same(deep.substr(2) + back + "etc/file");
}

TEST_F(Walk, FollowsNoLinkOfProcfs) {
  const Dir top = *Dir::open("/");
  EXPECT_EQ(outcome(open_in_steps(top, "proc/self/root/etc/passwd", 0)), "ELOOP");
  EXPECT_EQ(outcome(open_in_steps(top, "proc/thread-self/fd/0", 0)), "ELOOP");
}

// In a child, because a filter cannot be taken back.
void expect_inside_in_spite_of(unsigned code) {
  const Tree tree{{"root/etc/file", "inside"}, {"etc/file", "outside"}};
  tree.link("root/link", "/../../etc/file");
  tree.link("root/etc/link", "file");
  const auto is_as_expected = [&] {
    if (!test::refuse(SYS_openat2, code)) return false;
    const auto refusal = openat2_refusal(*Dir::open(tree.path("root")));
    const Rooted host(*Dir::open(tree.path("root")));
    const auto text = host.read("link", 100);
    const OwnedDirectory top{"etc", ::geteuid()};
    return refusal == static_cast<int>(code) && text && *text == "inside" &&
           host.read_below(top, "file", 100) && !host.read_below(top, "link", 100) &&
           !host.read_below(top, "../etc/file", 100);
  };
  EXPECT_EXIT(std::_Exit(is_as_expected() ? 0 : 1), testing::ExitedWithCode(0), "");
}

TEST(Rooted, StaysInsideWhereOpenat2IsRefused) {
  if (!test::holds_filters()) GTEST_SKIP() << "filters of system calls do not hold here";
  expect_inside_in_spite_of(ENOSYS);
  expect_inside_in_spite_of(EPERM);
}

}  // namespace
}  // namespace cgroup2::base
