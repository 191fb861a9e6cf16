// SPDX-License-Identifier: Apache-2.0
#include "oom/candidates.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cgroup2::oom {
namespace {

using Taken = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

constexpr std::uint64_t parent = 2;

Candidates::Candidate with_sign(std::uint64_t id, int passes = 1) {
  return {id, parent, passes, true};
}
Candidates::Candidate without_sign(std::uint64_t id, int passes = 1) {
  return {id, parent, passes, false};
}

struct Row {
  std::string name;
  std::vector<Candidates::Candidate> candidates;
  std::uint64_t kills;
  std::uint64_t hidden;
  Taken taken;
  std::uint64_t unattributed;
};

TEST(Candidates, ShareKillsOut) {
  const std::vector<Row> rows{
      {"no kills", {with_sign(3)}, 0, 0, {}, 0},
      {"no candidates", {}, 2, 0, {}, 2},
      {"one alone takes all", {without_sign(3)}, 2, 0, {{3, 2}}, 0},
      {"one alone that may not be the only one waits", {without_sign(3, 0)}, 2, 0, {}, 0},
      {"one alone takes one kill at once", {without_sign(3, 0)}, 1, 0, {{3, 1}}, 0},
      {"as many as kills", {without_sign(3), with_sign(4)}, 2, 0, {{3, 1}, {4, 1}}, 0},
      {"those with a sign before others", {without_sign(3), with_sign(4)}, 1, 0, {{4, 1}}, 0},
      {"more signs than kills", {with_sign(3), with_sign(4)}, 1, 0, {}, 1},
      {"more signs, but kills may be hidden", {with_sign(3), with_sign(4)}, 1, 1, {{3, 1}}, 0},
      {"more kills than candidates", {with_sign(3), with_sign(4)}, 3, 0, {}, 3},
      {"nobody has a sign and not all can have it",
       {without_sign(3), without_sign(4)},
       1,
       0,
       {},
       0},
      {"those removed later wait", {with_sign(3, 0), with_sign(4)}, 2, 0, {{4, 1}}, 0},
      {"others are below another cgroup", {{3, 9, 1, true}}, 1, 0, {}, 1},
  };
  for (const Row& row : rows) {
    Candidates candidates;
    for (const auto& each : row.candidates) candidates.add(each);
    const auto shares = candidates.share_out(parent, row.kills, row.hidden, 1);
    EXPECT_EQ(shares.taken, row.taken) << row.name;
    EXPECT_EQ(shares.unattributed, row.unattributed) << row.name;
  }
}

TEST(Candidates, AreNoneAnyMoreWithTheirShare) {
  Candidates candidates;
  candidates.add(with_sign(3));
  EXPECT_EQ(candidates.share_out(parent, 1, 0, 1).taken.size(), 1U);
  EXPECT_EQ(candidates.share_out(parent, 1, 0, 1).unattributed, 1U);
}

TEST(Candidates, WaitForSixPassesThatDidNotWaitThemselves) {
  Candidates candidates;
  candidates.add(without_sign(3, 0));
  const auto same = [](std::uint64_t id) { return id; };
  for (int i = 0; i < 100; ++i) candidates.end_pass(same, [](std::uint64_t) { return true; });
  for (int i = 0; i < 7; ++i) candidates.end_pass(same, [](std::uint64_t) { return false; });
  auto still = candidates;
  EXPECT_EQ(still.share_out(parent, 1, 0, 1).taken, (Taken{{3, 1}}));
  candidates.end_pass(same, [](std::uint64_t) { return false; });
  EXPECT_EQ(candidates.share_out(parent, 1, 0, 1).unattributed, 1U);
}

TEST(Candidates, MoveUpWithTheCgroupAboveThemThatIsRemoved) {
  Candidates candidates;
  candidates.add(with_sign(3));
  candidates.end_pass([](std::uint64_t) { return std::uint64_t{1}; },
                      [](std::uint64_t) { return false; });
  EXPECT_EQ(candidates.share_out(1, 1, 0, 1).taken, (Taken{{3, 1}}));
}

}  // namespace
}  // namespace cgroup2::oom
