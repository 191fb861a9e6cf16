// SPDX-License-Identifier: Apache-2.0
#include "network/interfaces.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace cgroup2::network {
namespace {

using testing::ElementsAre;

// Of Linux 6.12.
const std::string header =
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop "
    "fifo colls carrier compressed\n";

TEST(InterfaceLines, FollowTheHeader) {
  EXPECT_EQ(interface_lines(header), "");
  EXPECT_EQ(interface_lines(header + "    lo:       1\n"), "    lo:       1\n");
}

TEST(InterfaceLines, AreNoneUnderAnotherHeader) {
  EXPECT_EQ(interface_lines(""), std::nullopt);
  EXPECT_EQ(interface_lines(header.substr(0, header.find('\n'))), std::nullopt);
  auto other = header;
  other.replace(other.find("errs"), 4, "drop");
  EXPECT_EQ(interface_lines(other), std::nullopt);
  other = header;
  other.replace(0, 5, "Outer");
  EXPECT_EQ(interface_lines(other), std::nullopt);
}

TEST(InterfaceCounters, AreTheFirstFourOfEachDirection) {
  const auto eth0 = parse_interface(
      "  eth0: 1006       9    1    2    3     4          5         6      936      10   11   12   "
      "13    14      15         16");
  ASSERT_TRUE(eth0);
  EXPECT_EQ(eth0->name, "eth0");
  EXPECT_THAT(eth0->counters, ElementsAre(1006, 9, 1, 2, 936, 10, 11, 12));
}

TEST(InterfaceCounters, MayTouchTheColonAndBeAsLargeAsTheKernels) {
  const auto interface =
      parse_interface("x:18446744073709551615 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0 and more");
  ASSERT_TRUE(interface);
  EXPECT_THAT(interface->counters, ElementsAre(18446744073709551615U, 2, 3, 4, 5, 6, 7, 8));
}

TEST(InterfaceCounters, BelongToNamesOfAnyBytes) {
  const std::string counters = ": 1 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0";
  for (const char* name : {"eth0:1", "a:", ":", "|", "\"\\", "\xff\x01", "br-f00", "1"}) {
    const std::string line = name + counters;
    const auto interface = parse_interface(line);
    ASSERT_TRUE(interface) << name;
    EXPECT_EQ(interface->name, name);
  }
}

TEST(InterfaceCounters, AreNoneOfOtherLines) {
  for (const char* line :
       {"", "eth0", "eth0 1 2 3 4 0 0 0 0 5 6 7 8", "eth0: 1 2 3 4 0 0 0 0 5 6 7",
        "eth0: 1 2 3 x 0 0 0 0 5 6 7 8", "eth0: -1 2 3 4 0 0 0 0 5 6 7 8",
        "eth0: 18446744073709551616 2 3 4 0 0 0 0 5 6 7 8", " : 1 2 3 4 0 0 0 0 5 6 7 8",
        "a b: 1 2 3 4 0 0 0 0 5 6 7 8"}) {
    EXPECT_FALSE(parse_interface(line)) << line;
  }
}

}  // namespace
}  // namespace cgroup2::network
