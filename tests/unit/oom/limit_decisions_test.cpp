// SPDX-License-Identifier: Apache-2.0
#include "oom/limit_decisions.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace cgroup2::oom {
namespace {

// A cgroup 3 below 2, and kills in it that pass 10 found.
constexpr std::uint64_t pass = 10;

struct Row {
  std::string name;
  std::uint64_t own_oom_in, ancestors_oom_in;
  std::uint64_t logged_in;
  Limit logged;
  std::uint64_t decided_in;  // that kills before it enforced an ancestor's limit
  std::optional<Limit> limit;
  bool is_continued;
};

TEST(LimitDecisions, TakeTheLatestEvidence) {
  using enum Limit;
  const std::vector<Row> rows{
      {"none", 0, 0, 0, own, 0, std::nullopt, false},
      {"its own oom", 10, 0, 0, own, 0, own, false},
      {"an ancestor's oom", 0, 10, 0, own, 0, ancestor, false},
      {"both: the nearer one", 10, 10, 0, own, 0, own, false},
      {"both: the later one", 9, 10, 0, own, 0, ancestor, false},
      {"an oom two passes ago", 8, 0, 0, own, 0, own, true},
      {"an oom that is too old", 7, 0, 0, own, 0, std::nullopt, false},
      {"the log", 0, 0, 10, none, 0, none, false},
      {"the log before an oom of the same pass", 10, 0, 10, none, 0, none, false},
      {"an oom after the log", 10, 0, 9, none, 0, own, false},
      {"a log that is too old", 0, 0, 8, none, 0, std::nullopt, false},
      {"kills of the same cgroup two passes ago", 0, 0, 0, own, 8, ancestor, true},
      {"kills that are too old", 0, 0, 0, own, 7, std::nullopt, false},
      {"an oom rather than kills before it", 10, 0, 0, own, 9, own, false},
  };
  for (const Row& row : rows) {
    KnownCgroups known;
    known[2].oom_in = row.ancestors_oom_in;
    KnownCgroup& cgroup = known[3];
    cgroup.parent = 2;
    cgroup.oom_in = row.own_oom_in;
    cgroup.logged_in = row.logged_in;
    cgroup.logged = row.logged;
    cgroup.limit_in = row.decided_in;
    cgroup.evidence_in = row.decided_in;
    cgroup.limit = ancestor;
    LimitDecisions decisions;
    std::vector<KillsByLimit> decided;
    decisions.decide(known, 3, 5, pass, decided);
    EXPECT_EQ(decisions.has_waiting(), !row.limit) << row.name;
    ASSERT_EQ(decided.size(), row.limit ? 1U : 0U) << row.name;
    if (!row.limit) continue;
    EXPECT_EQ(decided[0], (KillsByLimit{3, 5, *row.limit, row.is_continued})) << row.name;
  }
}

TEST(LimitDecisions, TakeNobodysLimitAPassLater) {
  KnownCgroups known;
  known[3].parent = 2;
  LimitDecisions decisions;
  std::vector<KillsByLimit> decided;
  decisions.decide(known, 3, 5, pass, decided);
  decisions.decide_waiting(known, pass + 1, Limit::none, decided);
  EXPECT_EQ(decided, (std::vector{KillsByLimit{3, 5, Limit::none, false}}));
  EXPECT_FALSE(decisions.has_waiting());
}

TEST(LimitDecisions, SeeAnAncestorsOomAPassLaterThoughTheCgroupIsGone) {
  KnownCgroups known;
  known[3].parent = 2;
  LimitDecisions decisions;
  std::vector<KillsByLimit> decided;
  decisions.decide(known, 3, 5, pass, decided);
  decisions.end_pass([](std::uint64_t) { return std::uint64_t{2}; });
  known = {};
  known[2].oom_in = pass + 1;
  decisions.decide_waiting(known, pass + 1, Limit::none, decided);
  EXPECT_EQ(decided, (std::vector{KillsByLimit{3, 5, Limit::ancestor, false}}));
}

}  // namespace
}  // namespace cgroup2::oom
