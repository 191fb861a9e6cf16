// SPDX-License-Identifier: Apache-2.0
#include "cgroup/devices.h"

#include <gtest/gtest.h>

#include <string>

#include "support/tree.h"

namespace cgroup2::cgroup {
namespace {

TEST(DeviceNumber, IsTwoNumbers) {
  for (const char* key : {"8:0", "254:16", "0:0"}) EXPECT_TRUE(is_device_number(key)) << key;
  for (const char* key : {"", ":", "8", "8:", ":0", "8:0:1", "8 :0", "-8:0", "a:b", "8:0/..", "N0",
                          "some", "18446744073709551616:0"}) {
    EXPECT_FALSE(is_device_number(key)) << key;
  }
}

TEST(DeviceName, IsWhatALineOfItsOwnSays) {
  const struct {
    const char *uevent, *name;
  } rows[] = {
      {"MAJOR=254\nMINOR=0\nDEVNAME=vda\nDEVTYPE=disk\n", "vda"},
      {"DEVNAME=mapper/root", "mapper/root"},
      {"DEVNAME=\nDEVNAME=sdb\n", "sdb"},
      {"DEVNAME=sda\nDEVNAME=sdb\n", "sda"},
      {"DEVNAME=a=b\n", "a=b"},
  };
  for (const auto& row : rows) EXPECT_EQ(parse_device_name(row.uevent), row.name) << row.uevent;
  for (const char* uevent : {"", "\n", "DEVNAME=", "DEVNAME=\n", "MAJOR=8\n", "XDEVNAME=sda\n",
                             " DEVNAME=sda\n", "devname=sda\n"}) {
    EXPECT_EQ(parse_device_name(uevent), std::nullopt) << uevent;
  }
}

class DevicesTest : public testing::Test {
 protected:
  void write(const std::string& number, const std::string& uevent) const {
    sysfs.write("dev/block/" + number + "/uevent", uevent);
  }
  std::string name_of(const std::string& number) {
    const auto label = devices.label_of(number);
    return label ? std::string(labels.text(*label)) : "no label";
  }

  test::Tree sysfs;
  LabelTable labels;
  Devices devices{*base::Dir::open(sysfs.path()), labels};
};

TEST_F(DevicesTest, KeepTheirNumberWithoutSysfs) {
  Devices without{base::Dir(), labels};
  const auto label = without.label_of("8:0");
  ASSERT_TRUE(label);
  EXPECT_EQ(labels.text(*label), "8:0");
}

TEST_F(DevicesTest, KeepTheirNumberIfSysfsDoesNotNameThem) {
  EXPECT_EQ(name_of("8:0"), "8:0") << "no such device";
  write("8:1", "MAJOR=8\n");
  EXPECT_EQ(name_of("8:1"), "8:1");
  write("8:2", "DEVNAME=sda\n" + std::string(10'000, 'x'));
  EXPECT_EQ(name_of("8:2"), "8:2") << "no uevent is as long";
  sysfs.write("dev/block/8:3/uevent/", "");
  EXPECT_EQ(name_of("8:3"), "8:3") << "a directory";
}

TEST_F(DevicesTest, GetTheNameThatSysfsTells) {
  write("8:0", "DEVNAME=sda\n");
  write("253:0", "DEVNAME=dm-0\n");
  EXPECT_EQ(name_of("253:0"), "dm-0");
  EXPECT_EQ(name_of("8:0"), "sda");
}

TEST_F(DevicesTest, AreLookedUpOncePerPoll) {
  write("8:0", "DEVNAME=sda\n");
  EXPECT_EQ(name_of("8:0"), "sda");
  write("8:0", "DEVNAME=sdb\n");
  EXPECT_EQ(name_of("8:0"), "sda");
  devices.begin_poll();
  EXPECT_EQ(name_of("8:0"), "sdb") << "the number was given to another device";
}

TEST_F(DevicesTest, HaveNoLabelIfThereAreTooMany) {
  for (int i = 0; labels.intern(std::to_string(i)); ++i) {
  }
  EXPECT_EQ(name_of("8:0"), "no label");
  labels.forget();
  EXPECT_EQ(name_of("8:0"), "8:0") << "the failure is not remembered";
}

}  // namespace
}  // namespace cgroup2::cgroup
