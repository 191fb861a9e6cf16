// SPDX-License-Identifier: Apache-2.0
#include "machine/machine_reader.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/log.h"
#include "support/read_errors.h"
#include "support/tree.h"
#include "support/unprivileged.h"

namespace cgroup2::machine {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class MachineReaderTest : public testing::Test {
 protected:
  MachineReader make() {
    return {*base::Dir::open(files.path("proc")), *base::Dir::open(files.path("sys")),
            *base::Dir::open(files.path("root")),
            [this](const std::vector<HostMount>& mounts) {
              ++asked;
              std::vector<Filesystem> found;
              for (const auto& mount : mounts) found.push_back({.device = mount.device});
              return is_slow ? std::nullopt : std::optional(found);
            },
            errors};
  }

  static constexpr const char* root_alone = "27 1 254:0 / / rw - ext4 /dev/vda rw\n";
  test::Tree files{{"proc/meminfo", "MemTotal: 2 kB\nSwapTotal: 1 kB\n"},
                   {"proc/sys/kernel/random/boot_id", "b-1\n"},
                   {"proc/sys/kernel/osrelease", "6.12.1\n"},
                   {"proc/1/mountinfo", root_alone},
                   {"proc/self/mountinfo", root_alone},
                   {"sys/devices/system/cpu/online", "0-1\n"},
                   {"sys/devices/virtual/dmi/id/product_uuid", "u-1\n"},
                   {"root/etc/machine-id", "m-1\n"},
                   {"root/etc/os-release", "PRETTY_NAME=\"Debian\"\n"}};
  base::TimePoint now{};
  int asked = 0;
  bool is_slow = false;
  test::RecordingLog log;
  base::ReadErrors errors{log};
};

TEST_F(MachineReaderTest, ReadsTheFactsOfTheHost) {
  const auto machine = make().refresh(now);
  EXPECT_EQ(*machine, (Machine{.cpus = 2,
                               .memory = 2048,
                               .swap = 1024,
                               .machine_id = "m-1",
                               .system_uuid = "u-1",
                               .boot_id = "b-1",
                               .kernel = "6.12.1",
                               .system = "Debian",
                               .filesystems = {{.device = "/dev/vda"}}}));
  EXPECT_EQ(test::total(errors), 0U);
}

TEST_F(MachineReaderTest, ReadsOnceAMinuteAndKeepsTheObjectWhileNothingChanges) {
  auto reader = make();
  const auto first = reader.refresh(now);
  files.write("root/etc/machine-id", "m-2\n");
  EXPECT_EQ(reader.refresh(now + seconds(59)), first);
  EXPECT_EQ(asked, 1);
  const auto second = reader.refresh(now + minutes(1));
  EXPECT_EQ(second->machine_id, "m-2");
  EXPECT_EQ(reader.refresh(now + minutes(2)), second);
  EXPECT_EQ(asked, 3);
}

TEST_F(MachineReaderTest, LeavesOutWhatIsNotThere) {
  files.remove("proc");
  files.remove("sys");
  files.remove("root");
  for (const char* name : {"proc/", "sys/", "root/"}) files.write(name, "");
  EXPECT_EQ(*make().refresh(now), Machine());
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(test::total(errors), 0U);
}

TEST_F(MachineReaderTest, TakesTheMachinesIdWhereTheFirmwareHasNone) {
  files.remove("sys/devices/virtual");
  EXPECT_EQ(make().refresh(now)->system_uuid, "m-1");
}

TEST_F(MachineReaderTest, LeavesOutTheIdOfTheFirmwareThatOnlyRootMayRead) {
  std::filesystem::permissions(files.path("sys/devices/virtual/dmi/id/product_uuid"),
                               std::filesystem::perms::none);
  auto reader = make();
  const test::Unprivileged nobody;
  const auto machine = reader.refresh(now);
  EXPECT_EQ(machine->system_uuid, "");
  EXPECT_EQ(machine->machine_id, "m-1");
}

TEST_F(MachineReaderTest, LeavesOutAndCountsFileSystemsThatDoNotAnswer) {
  auto reader = make();
  EXPECT_EQ(reader.refresh(now)->filesystems.size(), 1U);
  is_slow = true;
  EXPECT_EQ(reader.refresh(now + minutes(1))->filesystems.size(), 0U);
  EXPECT_EQ(errors.counts().at({"statfs", "timeout"}), 1U);
}

TEST_F(MachineReaderTest, AsksNoFileSystemThatIsNotMountedHere) {
  files.write("proc/self/mountinfo", "27 1 0:90 / / rw - overlay overlay rw\n");
  EXPECT_EQ(make().refresh(now)->filesystems.size(), 0U);
  EXPECT_EQ(asked, 0);
}

}  // namespace
}  // namespace cgroup2::machine
