// SPDX-License-Identifier: Apache-2.0
#include "oom/last_memory.h"

#include <gtest/gtest.h>

#include <optional>

#include "support/tree.h"

namespace cgroup2::oom {
namespace {

LastMemory read(const test::Tree& tree) { return read_last_memory(*base::Dir::open(tree.path())); }

TEST(LastMemory, IsReadFromItsFiles) {
  const test::Tree tree{{"memory.peak", "30\n"},
                        {"memory.max", "20\n"},
                        {"memory.stat", "anon 10\nfile 5\nkernel 1\n"}};
  EXPECT_EQ(read(tree), (LastMemory{30, 20, 10, 5}));
}

TEST(LastMemory, HasNoLimitWhereThereIsNone) {
  const test::Tree tree{{"memory.max", "max\n"}};
  EXPECT_EQ(read(tree).limit, std::nullopt);
}

TEST(LastMemory, IsNothingWhereNothingCanBeRead) {
  const test::Tree tree{{"other", ""}};
  EXPECT_EQ(read(tree), LastMemory());
}

TEST(LastMemory, LeavesOutWhatIsNoNumber) {
  const test::Tree tree{{"memory.peak", "\n"}, {"memory.stat", "anon\nfile x\n"}};
  EXPECT_EQ(read(tree), LastMemory());
}

}  // namespace
}  // namespace cgroup2::oom
