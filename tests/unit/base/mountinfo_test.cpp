// SPDX-License-Identifier: Apache-2.0
#include "base/mountinfo.h"

#include <gtest/gtest.h>
#include <sys/sysmacros.h>

namespace cgroup2::base {
namespace {

TEST(ParseMountLine, ReadsTheFieldsWhateverTheNumberOfOptionalOnes) {
  for (const char* text :
       {"36 35 98:7 /mnt1 /mnt2 rw,noatime master:1 shared:2 - ext3 /dev/root rw",
        "36 35 98:7 /mnt1 /mnt2 rw - ext3 /dev/root rw"}) {
    const auto line = parse_mount_line(text);
    ASSERT_TRUE(line);
    EXPECT_EQ(line->device, ::makedev(98, 7));
    EXPECT_EQ(line->root, "/mnt1");
    EXPECT_EQ(line->point, "/mnt2");
    EXPECT_EQ(line->type, "ext3");
    EXPECT_EQ(line->source, "/dev/root");
    EXPECT_EQ(line->options, "rw");
  }
}

TEST(ParseMountLine, TakesALineWithoutOptionsAndNoneWithLess) {
  EXPECT_EQ(parse_mount_line("36 35 98:7 / / rw - ext3 x")->options, "");
  for (const char* text : {"", "36 35 98:7 / /", "36 35 98:7 / / rw shared:1 ext3 x y",
                           "36 35 98:7 / / rw - ext3", "36 35 98:7 / / rw -"})
    EXPECT_FALSE(parse_mount_line(text)) << text;
}

TEST(ParseMountLine, HasNoDeviceWithoutTwoNumbers) {
  for (const char* device : {"98", "x:1", "1:x", ":"})
    EXPECT_EQ(parse_mount_line(std::string("36 35 ") + device + " / / rw - ext3 x y")->device, 0U);
}

TEST(DecodeMountText, DecodesEscapesAlone) {
  EXPECT_EQ(decode_mount_text(R"(/a\040b\011\012\134c)"), "/a b\t\n\\c");
  EXPECT_EQ(decode_mount_text(R"(/a\04)"), R"(/a\04)");
  EXPECT_EQ(decode_mount_text(R"(/a\948 \400)"), R"(/a\948 \400)");
}

}  // namespace
}  // namespace cgroup2::base
