// SPDX-License-Identifier: Apache-2.0
#include "catalog/memory_stat.h"

#include <gtest/gtest.h>

namespace cgroup2::catalog {
namespace {

TEST(MemoryStat, TellsBytesFromEvents) {
  EXPECT_EQ(classify_memory_stat("anon"), KeyClass::bytes);
  EXPECT_EQ(classify_memory_stat("pgfault"), KeyClass::events);
  EXPECT_EQ(classify_memory_stat("a_key_of_the_future"), KeyClass::other);
  EXPECT_EQ(classify_memory_stat(""), KeyClass::other);
}

TEST(MemoryStat, ListsAreDisjoint) {
  for (const auto key : memory_stat_bytes)
    EXPECT_EQ(classify_memory_stat(key), KeyClass::bytes) << key;
  for (const auto key : memory_stat_events)
    EXPECT_EQ(classify_memory_stat(key), KeyClass::events) << key;
}

}  // namespace
}  // namespace cgroup2::catalog
