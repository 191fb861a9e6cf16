// SPDX-License-Identifier: Apache-2.0
#include "base/file_facts.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/tree.h"

namespace cgroup2::base {
namespace {

Fd open_path(const std::string& path) {
  return Fd(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
}

TEST(FileFacts, AreThoseOfTheFile) {
  const test::Tree tree{{"file", "four"}};
  struct stat status {};
  ASSERT_EQ(::stat(tree.path("file").c_str(), &status), 0);
  const auto facts = facts_of(open_path(tree.path("file")));
  ASSERT_TRUE(facts);
  EXPECT_TRUE(S_ISREG(facts->mode));
  EXPECT_EQ(facts->owner, ::geteuid());
  EXPECT_EQ(facts->device, status.st_dev);
  EXPECT_EQ(facts->size, 4u);
  EXPECT_FALSE(facts_of(Fd()));
}

TEST(FileFacts, KnowTheMount) {
  EXPECT_NE(mount_of(open_path("/proc")), std::nullopt);
  EXPECT_NE(mount_of(open_path("/proc")), mount_of(open_path("/")));
  EXPECT_EQ(mount_of(open_path("/proc/self")), mount_of(open_path("/proc")));
  EXPECT_EQ(mount_of(Fd()), std::nullopt);
}

TEST(FileFacts, TakeLocalFileSystemsForThoseThatAnswer) {
  EXPECT_FALSE(may_hang(open_path("/proc")));
  EXPECT_TRUE(may_hang(Fd())) << "nothing is known of it";
}

TEST(FileFacts, KnowTheFileSystemsThatMayHang) {
  for (const char* type :
       {"nfs", "nfs4", "autofs", "fuse", "fuse.sshfs", "fuseblk", "cifs", "9p", ""})
    EXPECT_TRUE(may_hang_type(type)) << type;
  for (const char* type : {"ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "virtiofs"})
    EXPECT_FALSE(may_hang_type(type)) << type;
}

TEST(FileFacts, KnowTheFileSystemsOnDisks) {
  for (const char* type : {"bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "xfs", "zfs"}) {
    EXPECT_TRUE(is_disk_type(type)) << type;
    EXPECT_FALSE(may_hang_type(type)) << type;
  }
  for (const char* type : {"", "ext", "tmpfs", "overlay", "nfs", "fuseblk", "virtiofs"})
    EXPECT_FALSE(is_disk_type(type)) << type;
}

}  // namespace
}  // namespace cgroup2::base
