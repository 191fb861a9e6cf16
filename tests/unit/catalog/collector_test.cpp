// SPDX-License-Identifier: Apache-2.0
#include "catalog/collector.h"

#include <gtest/gtest.h>

namespace cgroup2::catalog {
namespace {

TEST(Collectors, AreFoundByTheirName) {
  EXPECT_EQ(find_collector("io"), Collector::io);
  EXPECT_EQ(find_collector("IO"), std::nullopt);
  EXPECT_EQ(find_collector(""), std::nullopt);
}

}  // namespace
}  // namespace cgroup2::catalog
