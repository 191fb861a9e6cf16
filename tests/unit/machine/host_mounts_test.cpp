// SPDX-License-Identifier: Apache-2.0
#include "machine/host_mounts.h"

#include <gtest/gtest.h>
#include <sys/sysmacros.h>

#include <string>

namespace cgroup2::machine {
namespace {

// "device point" of each.
std::vector<std::string> chosen(const std::string& host, const std::string& own) {
  std::vector<std::string> found;
  for (const auto& mount : choose_mounts(host, own)) {
    std::string text = mount.device;
    for (const auto& point : mount.points) text += ' ' + point;
    found.push_back(text);
  }
  return found;
}

using Chosen = std::vector<std::string>;

const std::string root = "27 1 254:0 / / rw - ext4 /dev/vda rw\n";

TEST(ChooseMounts, TakesDisksAndTmpfsOfTheHost) {
  const std::string host = root +
                           "28 27 0:21 / /proc rw - proc proc rw\n"
                           "29 27 0:25 / /run rw - tmpfs tmpfs rw,size=4k\n"
                           "30 27 254:1 / /srv/my\\040data rw shared:3 - xfs /dev/vdb rw\n"
                           "31 27 0:40 / /var/lib/x rw - overlay overlay rw\n"
                           "32 27 0:41 / /boot/efi rw - vfat /dev/vdc rw\n";
  EXPECT_EQ(chosen(host, host), (Chosen{"/dev/vda /", "/dev/vdb /srv/my data", "/run /run"}));
  EXPECT_EQ(choose_mounts(host, host).front().number, ::makedev(254, 0));
}

TEST(ChooseMounts, TakesEachDeviceOnce) {
  const std::string host = root +
                           "28 27 254:0 /srv /srv rw - ext4 /dev/vda rw\n"
                           "29 27 0:25 / /run rw - tmpfs tmpfs rw\n"
                           "30 29 0:25 /netns /mnt rw - tmpfs tmpfs rw\n";
  EXPECT_EQ(chosen(host, host), (Chosen{"/dev/vda / /srv", "/run /run /mnt"}));
}

TEST(ChooseMounts, NeverTakesWhatMayHang) {
  const std::string host = root +
                           "28 27 0:50 / /a rw - nfs4 server:/a rw\n"
                           "29 27 0:51 / /b rw - fuseblk /dev/sdb1 rw\n"
                           "30 27 0:52 / /c rw - fuse.sshfs host: rw\n"
                           "31 27 0:53 / /d rw - autofs systemd-1 rw\n"
                           "32 27 0:54 / /e rw - cifs //server/e rw\n"
                           "33 28 254:1 / /a/disk rw - ext4 /dev/vdb rw\n"
                           "34 27 254:2 / /ab rw - ext4 /dev/vdc rw\n";
  EXPECT_EQ(chosen(host, host), (Chosen{"/dev/vda /", "/dev/vdc /ab"})) << "/a/disk is below /a";
}

TEST(ChooseMounts, LeavesOutTheMemoryOfPods) {
  const std::string host =
      "28 27 0:50 / /var/lib/kubelet/pods/u/volumes/t rw - tmpfs tmpfs rw\n"
      "29 27 0:51 / /run/containerd/io.containerd.grpc.v1.cri/sandboxes/x/shm rw - tmpfs shm rw\n"
      "30 27 0:52 / /dev/shm rw - tmpfs tmpfs rw\n";
  EXPECT_EQ(chosen(host, host), (Chosen{"/dev/shm /dev/shm"}));
}

TEST(ChooseMounts, ReachesAFileSystemOfTheHostThroughAnyPartOfIt) {
  const std::string host = root + "29 27 0:25 / /run rw - tmpfs tmpfs rw\n";
  const std::string own =
      "100 1 0:90 / / rw - overlay overlay rw\n"
      "101 100 0:25 / /dev rw - devtmpfs other rw\n"
      "102 100 254:0 /var/lib/kubelet/pods/u/etc-hosts /etc/hosts rw - ext4 /dev/vda rw\n";
  EXPECT_EQ(chosen(host, own), (Chosen{"/dev/vda /etc/hosts"}));
  EXPECT_EQ(chosen(host, ""), Chosen());
}

TEST(ChooseMounts, KnowsFourPlacesAtMost) {
  std::string own;
  for (const char* point : {"/a", "/b", "/c", "/d", "/e"})
    own += "1 1 254:0 / " + std::string(point) + " rw - ext4 /dev/vda rw\n";
  EXPECT_EQ(chosen(root, own), (Chosen{"/dev/vda /a /b /c /d"}));
}

TEST(ChooseMounts, ChoosesDisksFirstWhereThereAreTooMany) {
  std::string host;
  for (int i = 1; i <= 100; ++i) {
    const auto n = std::to_string(i);
    host += "1 1 0:" + n + " / /t" + n + " rw - tmpfs tmpfs rw\n";
    if (i <= 63) host += "1 1 8:" + n + " / /d" + n + " rw - xfs /dev/d" + n + " rw\n";
  }
  const auto found = chosen(host, host);
  ASSERT_EQ(found.size(), max_filesystems);
  EXPECT_EQ(found[62], "/dev/d63 /d63");
  EXPECT_EQ(found[63], "/t1 /t1");
}

TEST(ChooseMounts, KnowsThatFilesOfBtrfsHaveOtherNumbers) {
  const std::string host =
      "1 1 0:30 / / rw - btrfs /dev/vda rw\n2 1 0:31 / /x rw - xfs /dev/x rw\n";
  const auto mounts = choose_mounts(host, host);
  ASSERT_EQ(mounts.size(), 2U);
  EXPECT_TRUE(mounts[0].has_own_numbers);
  EXPECT_FALSE(mounts[1].has_own_numbers);
}

TEST(ChooseMounts, SkipsLinesThatDoNotParse) {
  EXPECT_EQ(chosen("x\n1 1 x / / rw - ext4 /dev/a rw\n" + root, root), (Chosen{"/dev/vda /"}));
}

}  // namespace
}  // namespace cgroup2::machine
