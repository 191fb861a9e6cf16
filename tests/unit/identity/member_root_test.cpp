// SPDX-License-Identifier: Apache-2.0
#include "identity/member_root.h"

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <cerrno>
#include <string>

#include "support/tree.h"
#include "unit/identity/mount_scene.h"

namespace cgroup2::identity {
namespace {

using test::mount_line;

// A process 100 in the mount namespace 7, whose root directory is `root`.
class MemberRootTest : public testing::Test {
 protected:
  MemberRootTest() {
    set_root(tree.path("outer"));
    set_mounts(mount_line(tree.path("outer"), "ext4"));
  }

  void set_root(const std::string& root) const {
    tree.remove("proc/100/root");
    tree.link("proc/100/root", root);
  }
  void set_mounts(const std::string& lines) const { tree.write("proc/100/mountinfo", lines); }
  void set_mounts_of_host(const std::string& lines) const { tree.write("proc/1/mountinfo", lines); }

  [[nodiscard]] base::Result<MemberRoot> open(std::uint64_t mount_namespace = 7) const {
    return MemberRoot::open(*base::Dir::open(tree.path("cgroup")),
                            *base::Dir::open(tree.path("proc")), mount_namespace);
  }

  // The text, or the name of the error.
  [[nodiscard]] std::string read(const std::string& path, std::size_t limit = 100) const {
    auto root = open();
    if (!root) return std::string("open: ") + ::strerrorname_np(root.error().code);
    const auto text = root->read(path, limit);
    return text ? *text : ::strerrorname_np(text.error().code);
  }

  cgroup2::test::Tree tree{{"cgroup/cgroup.procs", "0\nx\n99\n100\n"},
                           {"outer/a/file", "text"},
                           {"outer/a/empty", ""},
                           {"other", "of the host"}};

 private:
  void SetUp() override { tree.link("proc/100/ns/mnt", "mnt:[7]"); }
};

TEST_F(MemberRootTest, ReadsRegularFilesBelowTheRootOfAProcess) {
  EXPECT_EQ(read("a/file"), "text");
  EXPECT_EQ(read("a/empty"), "");
  EXPECT_EQ(read("a/file", 4), "text");
  EXPECT_EQ(read("a/file", 3), "EFBIG");
  EXPECT_EQ(read("a"), "EINVAL");
  EXPECT_EQ(read(""), "EINVAL");
  EXPECT_EQ(read("a/gone"), "ENOENT");
  EXPECT_EQ(read("a/file/x"), "ENOTDIR");
  ASSERT_EQ(::mkfifo(tree.path("outer/fifo").c_str(), 0600), 0);
  EXPECT_EQ(read("fifo"), "EINVAL");
}

TEST_F(MemberRootTest, FollowsNothingThatLeadsOut) {
  tree.link("outer/link", "a/file");
  tree.link("outer/up", "..");
  tree.link("outer/top", "/");
  EXPECT_EQ(read("link"), "ELOOP");
  EXPECT_EQ(read("up/other"), "ELOOP");
  EXPECT_EQ(read("top/etc/passwd"), "ELOOP");
  EXPECT_EQ(read("../other"), "EXDEV");
  EXPECT_EQ(read("a/../../other"), "EXDEV");
}

TEST_F(MemberRootTest, TakesAProcessOfThatMountNamespaceOnly) {
  const auto root = open(8);
  ASSERT_FALSE(root);
  EXPECT_EQ(root.error().code, ENOENT);
  tree.write("cgroup/cgroup.procs", "");
  EXPECT_EQ(read("a/file"), "open: ENOENT");
}

TEST_F(MemberRootTest, LooksIntoFileSystemsThatAnswerByThemselves) {
  const auto with = [&](const std::string& type) {
    set_mounts(mount_line(tree.path("outer"), type));
    return read("a/file");
  };
  for (const auto* type : {"ext4", "xfs", "btrfs", "tmpfs"}) EXPECT_EQ(with(type), "text") << type;
  for (const auto* type : {"fuse", "fuse.sshfs", "fuseblk", "nfs4", "9p", "proc", "autofs", "new"})
    EXPECT_EQ(with(type), "open: EXDEV") << type;
  set_mounts("");
  EXPECT_EQ(read("a/file"), "open: EXDEV") << "a mount that is not in the list";
}

// Without privileges anybody may mount an overlay over a FUSE in a user namespace of their own.
TEST_F(MemberRootTest, LooksIntoOverlaysThatTheHostMounted) {
  const auto overlay = mount_line(tree.path("outer"), "overlay");
  set_mounts(overlay);
  EXPECT_EQ(read("a/file"), "open: EXDEV");
  set_mounts_of_host("1 1 0:0 / / rw - overlay x rw\n");
  EXPECT_EQ(read("a/file"), "open: EXDEV");
  set_mounts_of_host(mount_line(tree.path("outer"), "fuse"));
  EXPECT_EQ(read("a/file"), "open: EXDEV");
  set_mounts_of_host(overlay);
  EXPECT_EQ(read("a/file"), "text");
}

// The kernel gives the number of a mount that is gone to the next one.
TEST_F(MemberRootTest, TakesNoMountForTheOneThatHadItsNumberBefore) {
  set_root("/");
  const auto top = mount_line("/", "ext4");
  const auto read_after = [&](const std::string& before, const std::string& after) {
    set_mounts(top + before);
    auto root = open();
    set_mounts(top + after);
    const auto text = root->read("proc/version", 100);
    return text ? *text : ::strerrorname_np(text.error().code);
  };
  const auto memory = mount_line("/proc", "tmpfs");
  EXPECT_EQ(read_after(memory, mount_line("/proc", "fuse.x")), "EXDEV");
  EXPECT_EQ(read_after(memory, ""), "EXDEV") << "it is not in the list any more";
  EXPECT_EQ(read_after("", memory), "") << "nothing is read of what has no size";
}

// As with the device of an overlay.
TEST_F(MemberRootTest, TakesNoOverlayForTheHostsThatHadItsDeviceBefore) {
  set_root("/");
  const auto overlay = mount_line("/proc", "overlay");
  set_mounts(mount_line("/", "ext4") + overlay);
  set_mounts_of_host(overlay);
  auto root = open();
  set_mounts_of_host("");
  const auto text = root->read("proc/version", 100);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, EXDEV);
}

// While it holds the mount, nothing else has its number.
TEST_F(MemberRootTest, ReadsTheListOnceForEachMount) {
  set_root("/");
  set_mounts(mount_line("/", "ext4") + mount_line("/proc", "tmpfs"));
  auto root = open();
  EXPECT_TRUE(root->read("proc/version", 100));
  set_mounts("");
  EXPECT_TRUE(root->read("proc/version", 100));
}

TEST_F(MemberRootTest, LooksAtEightMountsAtMost) {
  std::string path = "outer", lines = mount_line(tree.path(path), "ext4");
  int mounts = 1;
  for (; mounts <= 8; ++mounts) {
    path += "/m";
    tree.write(path + '/', "");
    if (::mount("none", tree.path(path).c_str(), "tmpfs", 0, nullptr) != 0) break;
    lines += mount_line(tree.path(path), "tmpfs");
    tree.write(path + "/file", "text");
  }
  if (mounts > 8) {
    set_mounts(lines);
    EXPECT_EQ(read("m/m/m/m/m/m/m/file"), "text");
    EXPECT_EQ(read("m/m/m/m/m/m/m/m/file"), "EXDEV");
  }
  if (mounts > 1) {
    EXPECT_EQ(::umount2(tree.path("outer/m").c_str(), MNT_DETACH), 0);
  }
  if (mounts <= 8) GTEST_SKIP() << "may not mount";
}

TEST_F(MemberRootTest, EntersAnotherFileSystemByItsOwnType) {
  set_root("/");
  const auto root = mount_line("/", "ext4");
  set_mounts(root);
  EXPECT_EQ(read("proc/version"), "EXDEV");
  set_mounts(root + mount_line("/proc", "fuse"));
  EXPECT_EQ(read("proc/version"), "EXDEV");
  set_mounts(root + mount_line("/proc", "tmpfs"));
  EXPECT_EQ(read("proc/version"), "") << "nothing is read of what has no size";
}

}  // namespace
}  // namespace cgroup2::identity
