// SPDX-License-Identifier: Apache-2.0
#include "base/boot_time.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>

#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::base {
namespace {

using std::chrono::seconds;

class BootTimeTest : public testing::Test {
 protected:
  test::Tree files{{"stat", "cpu  1 2 3\nintr 5 0 1\nbtime 1764354240\nprocesses 7\n"}};
  test::RecordingLog log;
  ReadErrors errors{log};
  BootTime boot{*Dir::open(files.path()), errors};
};

TEST_F(BootTimeTest, IsThatOfTheKernel) { EXPECT_EQ(boot.since_1970(), seconds(1764354240)); }

TEST_F(BootTimeTest, StaysWhenTheClockIsSetByAMinuteAtMost) {
  EXPECT_EQ(boot.since_1970(seconds(1000)), seconds(1764354240));
  files.write("stat", "btime 1764354300\n");
  EXPECT_EQ(boot.since_1970(seconds(1060)), seconds(1764354240));
  EXPECT_EQ(boot.since_1970(seconds(940)), seconds(1764354240));
}

TEST_F(BootTimeTest, FollowsAClockThatWasWrong) {
  files.write("stat", "btime 42\n");
  EXPECT_EQ(boot.since_1970(seconds(42)), seconds(42));
  files.write("stat", "btime 1764354240\n");
  EXPECT_EQ(boot.since_1970(seconds(1764354240)), seconds(1764354240));
}

TEST_F(BootTimeTest, IsReadAtOnce) {
  const auto procfs = *Dir::open(files.path());
  EXPECT_EQ(*read_boot_time(procfs), seconds(1764354240));
  files.write("stat", "cpu 1\n");
  EXPECT_EQ(read_boot_time(procfs).error().code, EBADMSG);
  files.remove("stat");
  EXPECT_EQ(read_boot_time(procfs).error().code, ENOENT);
}

TEST_F(BootTimeTest, IsUnknownAndCountedWithoutTheFile) {
  files.remove("stat");
  EXPECT_EQ(boot.since_1970(), std::nullopt);
  EXPECT_EQ(errors.counts().at({"stat", "ENOENT"}), 1U);
  files.write("stat", "cpu 1\n");
  EXPECT_EQ(boot.since_1970(), std::nullopt);
  EXPECT_EQ(errors.counts().at({"stat", "malformed"}), 1U);
}

}  // namespace
}  // namespace cgroup2::base
