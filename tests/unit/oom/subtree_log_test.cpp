// SPDX-License-Identifier: Apache-2.0
#include "oom/subtree_log.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "support/log.h"

namespace cgroup2::oom {
namespace {

TEST(SubtreeLog, NamesEachSubtreeOnceAndNotTooMany) {
  test::RecordingLog log;
  SubtreeLog subtrees(log, "too many", "raise it");
  subtrees.write({"/a"});
  subtrees.write({"/a", "/b"});
  EXPECT_EQ(log.lines().size(), 2U);
  std::set<std::string> many;
  for (int i = 0; i < 200; ++i) many.insert(std::to_string(i));
  subtrees.write(many);
  EXPECT_EQ(log.lines().size(), 100U);
}

}  // namespace
}  // namespace cgroup2::oom
