// SPDX-License-Identifier: Apache-2.0
#include "app/file_stamp.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <thread>

#include "support/tree.h"

namespace cgroup2::app {
namespace {

TEST(FileStamp, IsTheSameAsLongAsTheFileIs) {
  const test::Tree tree{{"a", "1"}, {"b", "1"}};
  const std::vector<std::string> files{tree.path("a"), tree.path("b"), tree.path("missing")};
  const auto stamps = stamps_of(files);
  ASSERT_EQ(stamps.size(), 3U);
  EXPECT_TRUE(stamps[0] && stamps[1]);
  EXPECT_NE(stamps[0], stamps[1]);
  EXPECT_FALSE(stamps[2]);
  EXPECT_EQ(stamps_of(files), stamps);
}

TEST(FileStamp, ChangesWithTheFile) {
  const test::Tree tree{{"one/f", "1"}, {"two/f", "1"}, {"new", "1"}};
  tree.link("current", "one");
  const std::vector<std::string> files{tree.path("current/f")};
  auto before = stamps_of(files);
  const auto is_changed = [&] {
    const auto now = stamps_of(files);
    return std::exchange(before, now) != now;
  };
  EXPECT_FALSE(is_changed());
  tree.write("one/f", "12");
  EXPECT_TRUE(is_changed()) << "written";
  std::filesystem::rename(tree.path("new"), tree.path("one/f"));
  EXPECT_TRUE(is_changed()) << "replaced";
  // Longer than a tick of files' times.
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  ASSERT_EQ(::chmod(tree.path("one/f").c_str(), 0400), 0);
  EXPECT_TRUE(is_changed()) << "other rights";
  tree.remove("current");
  EXPECT_TRUE(is_changed()) << "removed";
  tree.link("current", "two");
  EXPECT_TRUE(is_changed()) << "there again, by another link";
  EXPECT_FALSE(is_changed());
}

TEST(FileStamp, TellsTimesApartThatAre64BitsOfNanosecondsAway) {
  const test::Tree tree{{"f", ""}};
  const std::vector<std::string> files{tree.path("f")};
  const auto touch = [&](long nanosecond) {
    constexpr time_t year_2300 = 10'413'792'000;
    const timespec times[] = {{year_2300, nanosecond}, {year_2300, nanosecond}};
    ASSERT_EQ(::utimensat(AT_FDCWD, files[0].c_str(), times, 0), 0);
  };
  touch(1);
  const auto first = stamps_of(files);
  ASSERT_TRUE(first[0]);
  touch(2);
  const auto second = stamps_of(files);
  EXPECT_NE(first[0]->modified, second[0]->modified);
}

}  // namespace
}  // namespace cgroup2::app
