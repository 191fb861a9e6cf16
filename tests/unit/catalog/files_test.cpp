// SPDX-License-Identifier: Apache-2.0
#include "catalog/files.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace cgroup2::catalog {
namespace {

TEST(Files, AStarIsOneWord) {
  EXPECT_TRUE(describes("memory.max", "memory.max"));
  EXPECT_FALSE(describes("memory.max", "memory.max.d"));
  EXPECT_TRUE(describes("hugetlb.*.max", "hugetlb.2MB.max"));
  EXPECT_FALSE(describes("hugetlb.*.max", "hugetlb.2MB.rsvd.max"));
  EXPECT_TRUE(describes("hugetlb.*.rsvd.max", "hugetlb.2MB.rsvd.max"));
  EXPECT_FALSE(describes("hugetlb.*.max", "hugetlb..max"));
  EXPECT_FALSE(describes("hugetlb.*.max", "hugetlb.max"));
  EXPECT_FALSE(describes("hugetlb.*.max", ""));
}

TEST(Files, AreDescribedByOneRowEach) {
  for (const File& file : files) {
    const auto star = file.name.find('*');
    std::string name(file.name);
    if (star != std::string::npos) name.replace(star, 1, "1GB");
    EXPECT_EQ(
        std::ranges::count_if(files, [&](const File& row) { return describes(row.name, name); }), 1)
        << name;
  }
}

}  // namespace
}  // namespace cgroup2::catalog
