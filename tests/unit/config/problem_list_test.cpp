// SPDX-License-Identifier: Apache-2.0
#include "config/problem_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cgroup2::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ProblemList, HandsItsLinesOverOnce) {
  ProblemList problems;
  problems.report("f:1:2", "is wrong");
  problems.report("f", "is worse");
  EXPECT_THAT(problems.take(), ElementsAre("f:1:2: is wrong", "f: is worse"));
  EXPECT_THAT(problems.take(), IsEmpty());
}

TEST(ProblemList, NotesAHundredAndCountsTheOthers) {
  ProblemList problems;
  for (int i = 0; i < 100; ++i) problems.report("f", "is wrong");
  EXPECT_EQ(problems.take().size(), 100U);
  for (int i = 0; i < 107; ++i) problems.report("f", "is wrong");
  const auto lines = problems.take();
  EXPECT_EQ(lines.size(), 101U);
  EXPECT_EQ(lines.back(), "and 7 more problems");
}

}  // namespace
}  // namespace cgroup2::config
