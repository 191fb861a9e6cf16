// SPDX-License-Identifier: Apache-2.0
#include "cgroup/controllers.h"

#include <gtest/gtest.h>

#include "support/tree.h"

namespace cgroup2::cgroup {
namespace {

TEST(Controllers, AreWhatTheFileSays) {
  const test::Tree root{{"cgroup.controllers", "cpu memory\n"}};
  EXPECT_EQ(read_controllers(*base::Dir::open(root.path())), "cpu memory\n");
}

TEST(Controllers, AreUnknownWithoutTheFile) {
  const test::Tree root;
  EXPECT_FALSE(read_controllers(*base::Dir::open(root.path())));
}

}  // namespace
}  // namespace cgroup2::cgroup
