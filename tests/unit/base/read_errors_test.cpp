// SPDX-License-Identifier: Apache-2.0
#include "base/read_errors.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "support/log.h"
#include "support/read_errors.h"

namespace cgroup2::base {
namespace {

TEST(ReadErrors, CountsEachAndLogsTheFirstOfAPair) {
  test::RecordingLog log;
  ReadErrors errors(log);
  errors.add("memory.stat", "EACCES", "/a");
  errors.add("memory.stat", "EACCES", "/b");
  errors.add("memory.stat", "malformed", "/b");
  EXPECT_EQ(test::total(errors), 3U);
  EXPECT_EQ(errors.counts().at({"memory.stat", "EACCES"}), 2U);
  EXPECT_EQ(errors.counts().at({"memory.stat", "malformed"}), 1U);
  ASSERT_EQ(log.lines().size(), 2U);
  EXPECT_NE(log.lines()[0].text.find("where=/a"), std::string::npos) << log.lines()[0].text;
}

TEST(ReadErrors, LogLinesHoldNoControlCharacters) {
  test::RecordingLog log;
  ReadErrors errors(log);
  errors.add("memory.stat", "EIO", "/a\x1b[31m");
  EXPECT_EQ(log.lines()[0].text.find('\x1b'), std::string::npos);
}

TEST(Errno, KnowsAbsence) {
  for (const int code : {ENOENT, ENODEV, EOPNOTSUPP, ESRCH}) EXPECT_TRUE(is_absence(code)) << code;
  for (const int code : {EACCES, EIO, EMFILE, EFBIG}) EXPECT_FALSE(is_absence(code)) << code;
}

TEST(Errno, KnowsWhatTheKernelRefuses) {
  EXPECT_TRUE(is_unsupported(EOPNOTSUPP));
  for (const int code : {ENOENT, ENODEV, EACCES, EINVAL, 0})
    EXPECT_FALSE(is_unsupported(code)) << code;
}

TEST(Errno, HasAName) {
  EXPECT_EQ(errno_name(EACCES), "EACCES");
  EXPECT_EQ(errno_name(123456), "errno_123456");
}

}  // namespace
}  // namespace cgroup2::base
