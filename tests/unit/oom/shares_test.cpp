// SPDX-License-Identifier: Apache-2.0
#include "oom/shares.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace cgroup2::oom {
namespace {

using base::ConsumerClass;

std::vector<std::size_t> excess(const std::vector<ShareMember>& members, std::size_t max) {
  auto indices = find_excess(members, max);
  std::ranges::sort(indices);
  return indices;
}

const ShareMember user{ConsumerClass::user, "a"};
const ShareMember service{ConsumerClass::service, "a"};
const ShareMember workload{ConsumerClass::workload, "a"};
using Indices = std::vector<std::size_t>;

TEST(Shares, KeepAllWhereThereIsRoom) {
  EXPECT_EQ(excess({}, 0), Indices());
  EXPECT_EQ(excess({user, user}, 2), Indices());
}

TEST(Shares, TakeUsersBeforeServicesBeforeWorkloads) {
  const std::vector<ShareMember> members{workload, user, service, workload, service, user};
  EXPECT_EQ(excess(members, 5).size(), 1U);
  EXPECT_EQ(excess(members, 4), (Indices{1, 5}));
  EXPECT_EQ(excess(members, 2), (Indices{1, 2, 4, 5}));
  EXPECT_EQ(excess(members, 0).size(), 6U);
}

TEST(Shares, TakeTheLargestSubtreeUntilItIsAsLargeAsTheNext) {
  const auto of = [](const char* top, std::uint64_t order) {
    return ShareMember{ConsumerClass::user, top, 0, order};
  };
  const std::vector<ShareMember> members{of("a", 1), of("b", 9), of("b", 8),
                                         of("b", 7), of("c", 1), of("c", 2)};
  EXPECT_EQ(excess(members, 5), Indices{1}) << "the last of the largest";
  EXPECT_EQ(excess(members, 3), (Indices{1, 2, 5}));
}

TEST(Shares, TakeTheHighestTierOfAClassFirst) {
  const std::vector<ShareMember> members{
      {ConsumerClass::user, "large", 0, 1},
      {ConsumerClass::user, "large", 0, 2},
      {ConsumerClass::user, "small", 1, 1},
      {ConsumerClass::workload, "w", 1, 1},
  };
  EXPECT_EQ(excess(members, 3), Indices{2});
}

TEST(Shares, AreThoseOfWhoChoseTheName) {
  Owner owner;
  owner.cgroup = "/x";
  const auto expect = [&](ConsumerClass consumer_class, const std::string& top) {
    EXPECT_EQ(share_of(owner).consumer_class, consumer_class) << top;
    EXPECT_EQ(share_of(owner).top, top);
  };
  expect(ConsumerClass::user, "/x");
  owner.unit = "u.service";
  expect(ConsumerClass::service, "u.service");
  owner.job = "42";
  expect(ConsumerClass::workload, "42");
  owner.container = "c";
  expect(ConsumerClass::workload, "c");
  owner.pod = "p";
  expect(ConsumerClass::workload, "p");
  owner.namespace_name = "n";
  expect(ConsumerClass::workload, "n");
  owner.user = "alice";
  expect(ConsumerClass::user, "alice");
}

}  // namespace
}  // namespace cgroup2::oom
