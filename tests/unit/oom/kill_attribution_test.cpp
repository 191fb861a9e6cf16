// SPDX-License-Identifier: Apache-2.0
#include "oom/kill_attribution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "unit/oom/books.h"
#include "unit/oom/random_kernel.h"

namespace cgroup2::oom {
namespace {

using namespace test;

TEST(KillAttribution, AttributesAKillToWhereItHappened) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 0), seen(3, 1, 1, 1, 1)});
  EXPECT_EQ(books.attributed, (Counts{{3, 1}}));
  EXPECT_EQ(books.unattributed, Counts());
  EXPECT_EQ(books.last.limits.at(0).limit, Limit::own);
}

TEST(KillAttribution, AttributesWhatWasReadLastOfARemovedCgroup) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 0)}, {gone(3, 2, 1)});
  EXPECT_EQ(books.attributed, (Counts{{3, 1}}));
  EXPECT_EQ(books.unattributed, Counts());
}

TEST(KillAttribution, GivesKillsOfUnknownChildrenToTheNearestAncestor) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  books.pass(2, {root(), seen(2, 0, 2, 0), seen(3, 1, 2, 0)});
  EXPECT_EQ(books.attributed, Counts());
  EXPECT_EQ(books.unattributed, (Counts{{3, 2}}));
}

TEST(KillAttribution, BeginsAnewWithAnotherGeneration) {
  Books books;
  books.pass(3, {root(), seen(2, 0, 3, 3)});
  auto again = seen(2, 0, 1, 1);
  again.cgroup.generation = 7;
  books.pass(4, {root(), again});
  EXPECT_EQ(books.attributed, (Counts{{2, 4}}));
}

TEST(KillAttribution, TakesCountersThatFellForNewOnes) {
  Books books;
  books.pass(3, {root(), seen(2, 0, 3, 3)});
  books.pass(4, {root(), seen(2, 0, 1, 1)});
  EXPECT_EQ(books.attributed, (Counts{{2, 4}}));
}

TEST(KillAttribution, LeavesToTheHostWhatParentsDoNotCount) {  // memory_localevents
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 0, 0), seen(3, 1, 1, 1)});
  for (int i = 0; i < 4; ++i) books.pass(2, {root(), seen(2, 0, 0, 0)});
  EXPECT_EQ(books.attributed, (Counts{{3, 1}}));
  EXPECT_EQ(books.unattributed, (Counts{{1, 1}}));
}

TEST(KillAttribution, TakesKillsOfTheHostForUnattributedOnlyWhenTheyLast) {
  Books books;
  books.pass(0, {root()});
  books.pass(1, {root()});
  books.pass(1, {root()});
  EXPECT_EQ(books.unattributed, Counts());
  books.pass(1, {root()});
  EXPECT_EQ(books.unattributed, (Counts{{1, 1}}));
}

TEST(KillAttribution, GoesOnAfterARestart) {
  Books before;
  before.pass(1, {root(), seen(2, 0, 1, 0), seen(3, 1, 1, 1)});
  Books after;
  after.attribution.restore(before.attribution.state());
  after.pass(4, {root(), seen(2, 0, 4, 0), seen(3, 1, 2, 2)});
  EXPECT_EQ(after.attributed, (Counts{{3, 1}}));
  EXPECT_EQ(after.unattributed, (Counts{{2, 2}}));
}

TEST(KillAttribution, EndsInACircleOfParents) {
  Books books;
  books.attribution.restore(
      {{{2, {.parent = 3, .generation = 1002}}, {3, {.parent = 2, .generation = 1003}}}, 0, false});
  books.pass(1, {root()}, {gone(2, 3, 1), gone(3, 2, 0)});
  EXPECT_EQ(books.attributed, (Counts{{2, 1}}));
}

LateObservation candidate(std::uint64_t id) {
  auto late = gone(id, 2, 0);
  late.ended_with_event = true;
  return late;
}

TEST(KillAttribution, GivesKillsToTheOnlyCandidate) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 0)}, {candidate(3)});
  EXPECT_EQ(books.attributed, (Counts{{3, 1}}));
}

TEST(KillAttribution, GivesAKillToEachOfAsManyCandidates) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0)});
  books.pass(2, {root(), seen(2, 0, 2, 0)}, {candidate(3), candidate(4)});
  EXPECT_EQ(books.attributed, (Counts{{3, 1}, {4, 1}}));
  EXPECT_EQ(books.unattributed, Counts());
}

TEST(KillAttribution, GivesNothingWhereNotAllCandidatesCanHaveIt) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 0)}, {candidate(3), candidate(4)});
  EXPECT_EQ(books.attributed, Counts());
  EXPECT_EQ(books.unattributed, (Counts{{2, 1}}));
}

TEST(KillAttribution, LetsALateCandidateWaitForTheNextTotal) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0)});
  auto late = candidate(3);
  late.removed_before_pass = false;
  books.pass(1, {root(), seen(2, 0, 0, 0)}, {late});
  books.pass(1, {root(), seen(2, 0, 1, 0)});
  EXPECT_EQ(books.attributed, (Counts{{3, 1}}));
}

TEST(KillAttribution, TakesWhatWasGoneBeforeItCouldBeOpenedForACandidate) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0)});
  auto missed = gone(3, 2, 0);
  missed.cgroup.generation = 0;
  missed.was_opened = false;
  books.pass(2, {root(), seen(2, 0, 2, 0)}, {candidate(4), missed});
  EXPECT_EQ(books.attributed, (Counts{{3, 1}, {4, 1}}));
  EXPECT_EQ(books.last.limits.at(0).limit, Limit::unknown);
}

TEST(KillAttribution, WaitsForWhatIsStillBeingOpenedInAGoneCgroup) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(5, 1, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 0)}, {gone(5, 2, 0)}, {5});
  EXPECT_EQ(books.unattributed, Counts());
  auto child = candidate(3);
  child.cgroup.parent = 5;
  books.pass(1, {root(), seen(2, 0, 1, 0)}, {child});
  EXPECT_EQ(books.attributed, (Counts{{3, 1}}));
}

TEST(KillAttribution, AttributesOnceWhatIsOpenedLongAfterItWasObserved) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 0), seen(3, 1, 1, 1)}, {}, {2});
  books.pass(1, {root(), seen(2, 0, 1, 0)}, {}, {2});
  books.pass(1, {root(), seen(2, 0, 1, 0)}, {gone(3, 2, 1)});
  EXPECT_EQ(books.attributed, (Counts{{3, 1}}));
}

TEST(KillAttribution, WaitsForWhatCannotBeReadForTheMoment) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 0), unreadable(3, 1)});
  EXPECT_EQ(books.unattributed, Counts());
  books.pass(1, {root(), seen(2, 0, 1, 0), seen(3, 1, 1, 1)});
  EXPECT_EQ(books.attributed, (Counts{{3, 1}}));
}

TEST(KillAttribution, TellsWhoseLimitItWas) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 0), seen(3, 1, 1, 1, 1)});
  EXPECT_EQ(books.last.limits.at(0).limit, Limit::own);
  for (int i = 0; i < 3; ++i) books.pass(1, {root(), seen(2, 0, 1, 0), seen(3, 1, 1, 1, 1)});
  books.pass(2, {root(), seen(2, 0, 2, 0, 1), seen(3, 1, 2, 2, 1)});
  EXPECT_EQ(books.last.limits.at(0).limit, Limit::ancestor);
}

TEST(KillAttribution, TakesNobodysLimitOnlyWhenTheNextPassSawNoOomEither) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 0), seen(3, 1, 1, 1)});
  EXPECT_TRUE(books.last.limits.empty());
  EXPECT_TRUE(books.attribution.has_undecided());
  books.pass(1, {root(), seen(2, 0, 1, 0), seen(3, 1, 1, 1)});
  EXPECT_EQ(books.by_limit, (std::map<Limit, std::uint64_t>{{Limit::none, 1}}));
  EXPECT_FALSE(books.attribution.has_undecided());
}

TEST(KillAttribution, TakesAnAncestorsLimitWhoseOomTheWalkReadTooEarly) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 0, 0), seen(3, 1, 1, 1)});  // 2 was read, then came the kill
  books.pass(1, {root(), seen(2, 0, 1, 0, 1)}, {gone(3, 2, 1)});
  EXPECT_EQ(books.by_limit, (std::map<Limit, std::uint64_t>{{Limit::ancestor, 1}}));
}

TEST(KillAttribution, BelievesTheKernelsLogBeforeAnOom) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 0, 1), seen(3, 1, 1, 1)}, {}, {}, false, {{3, Limit::none}});
  EXPECT_EQ(books.by_limit, (std::map<Limit, std::uint64_t>{{Limit::none, 1}}));
}

TEST(KillAttribution, DecidesAtOnceWhatHappenedBeforeTheFirstPass) {
  Books books;
  books.pass(1, {root(), seen(2, 0, 1, 0), seen(3, 1, 1, 1)});
  EXPECT_EQ(books.by_limit, (std::map<Limit, std::uint64_t>{{Limit::none, 1}}));
}

TEST(KillAttribution, TakesNoOomFromBeforeTheFirstPassForEvidence) {
  Books books;
  books.pass(2, {root(), seen(2, 0, 2, 2, 2)});
  books.pass(3, {root(), seen(2, 0, 3, 3, 2)});
  books.pass(3, {root(), seen(2, 0, 3, 3, 2)});
  EXPECT_EQ(books.by_limit, (std::map<Limit, std::uint64_t>{{Limit::own, 2}, {Limit::none, 1}}));
}

TEST(KillAttribution, TakesNoOomOfAMissedCgroupForEvidence) {
  Books books;
  books.pass(0, {root(), seen(9, 0, 0, 0)}, {}, {}, true);
  books.pass(0, {root(), seen(9, 0, 0, 0), seen(2, 0, 0, 0, 5), seen(3, 2, 0, 0)});
  books.pass(1, {root(), seen(9, 0, 0, 0), seen(2, 0, 1, 0, 5), seen(3, 2, 1, 1)});
  books.pass(1, {root(), seen(9, 0, 0, 0), seen(2, 0, 1, 0, 5), seen(3, 2, 1, 1)});
  EXPECT_EQ(books.by_limit, (std::map<Limit, std::uint64_t>{{Limit::none, 1}}));
}

TEST(KillAttribution, DoesNotTakeTheHostsKillsForAnOomOfLongAgo) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 1, 1)});
  for (std::uint64_t kills = 2; kills < 40; ++kills)
    books.pass(kills, {root(), seen(2, 0, kills, kills, 1)});
  EXPECT_LE(books.by_limit[Limit::own], 9U);
  EXPECT_GE(books.by_limit[Limit::none], 29U);
}

TEST(KillAttribution, ConcludesNothingFromLimitsThatItCannotSee) {
  Books books;
  const auto part = [](std::uint64_t kills) {
    return std::vector<Observation>{seen(2, Observation::no_parent, kills, 0),
                                    seen(3, 0, kills, kills)};
  };
  books.pass(0, part(0));
  books.pass(1, part(1));
  books.pass(1, part(1));
  EXPECT_EQ(books.by_limit, (std::map<Limit, std::uint64_t>{{Limit::unknown, 1}}));
}

TEST(KillAttribution, SaysThatKillsGoOnWithThoseWhoseLimitWaited) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 0, 0), seen(3, 1, 1, 1)});
  books.pass(3, {root(), seen(2, 0, 3, 0, 1), seen(3, 1, 3, 3)});
  EXPECT_EQ(books.last.limits, (std::vector{KillsByLimit{3, 1, Limit::ancestor, false},
                                            KillsByLimit{3, 2, Limit::ancestor, true}}));
}

TEST(KillAttribution, TakesAnObservedCgroupThatCouldNotBeOpenedForACandidate) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  auto unopened = gone(3, 2, 0);
  unopened.cgroup.generation = 0;
  unopened.was_opened = false;
  books.pass(1, {root(), seen(2, 0, 1, 0)}, {unopened});
  EXPECT_EQ(books.attributed, (Counts{{3, 1}}));
}

TEST(KillAttribution, RemembersABoundedNumberOfGoneCgroupsWhereSomethingIsAlwaysOpened) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0)});
  for (std::uint64_t id = 10; id < 1000; ++id) {
    auto one = gone(id, 2, 0);
    one.local.max = 1;  // which is saved
    books.pass(0, {root(), seen(2, 0, 0, 0)}, {one}, {2});
  }
  EXPECT_LE(books.attribution.state().baselines.size(), 20U);
}

// The kernel's order: `oom` of the ancestor, the first victim's oom_kill, oom_group_kill, and an
// oom_kill for each other process. A pass may fall between any two, and between its own reads.
TEST(KillAttribution, TakesAGroupKillForTheAncestorsWhereverPassesFall) {
  constexpr int steps = 5;
  constexpr int slots = 12;  // a pass has two reads, of the ancestor and of the cgroup
  std::array<int, steps> at{};
  int tried = 0;
  const auto run = [&] {
    Books books;
    std::uint64_t oom = 0;
    std::uint64_t kills = 0;
    std::size_t next = 0;
    const auto happen = [&](int slot) {
      for (; next < steps && at[next] == slot; ++next) {
        if (next == 0) ++oom;
        if (next == 1 || next > 2) ++kills;
      }
    };
    books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
    for (int slot = 0; slot < slots + 6; slot += 2) {
      happen(slot);
      const auto ancestor = seen(2, 0, kills, 0, oom);
      happen(slot + 1);
      books.pass(kills, {root(), ancestor, seen(3, 1, kills, kills)});
    }
    ASSERT_EQ(books.attributed, (Counts{{3, 3}}));
    ASSERT_EQ(books.by_limit, (std::map<Limit, std::uint64_t>{{Limit::ancestor, 3}}));
    ++tried;
  };
  const auto choose = [&](auto&& self, std::size_t step) -> void {
    if (step == steps) return run();
    const int from = step == 0 ? 0 : at[step - 1];
    // At most one whole pass between two steps, and between two kills: they are microseconds apart.
    const int to = std::min(slots - 1, step == 0 ? 1 : step == 3 ? from + 1 : from + 3);
    for (at[step] = from; at[step] <= to; ++at[step]) self(self, step + 1);
  };
  choose(choose, 0);
  EXPECT_EQ(tried, 2 * 4 * 4 * 2 * 4);
}

// "An example" in docs/oom-accounting.md has these numbers. / is 1, /pod 2, /pod/a 3, /pod/b 4,
// /pod/d 5; nobody sees /pod/c.
TEST(KillAttribution, FollowsTheExampleOfTheDocument) {
  using Baselines = std::map<std::uint64_t, Baseline>;
  const auto of_root = [](std::uint64_t explained) { return Baseline{.explained = explained}; };
  const auto of_pod = [](std::uint64_t total, std::uint64_t explained) {
    return Baseline{1, 1002, {}, total, explained};
  };
  const auto of_child = [](std::uint64_t id, std::uint64_t kills) {
    return Baseline{2, id + 1000, {.oom = kills, .oom_kill = kills}, kills, kills};
  };
  auto late_a = gone(3, 2, 2);
  late_a.local.oom = 2;
  Books books;
  const auto baselines = [&] { return books.attribution.state().baselines; };
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0), seen(4, 1, 0, 0)});

  // Pass 1: the kill in b comes after the read of pod and before that of b.
  books.pass(1, {root(), seen(2, 0, 1, 0), seen(3, 1, 1, 1, 1), seen(4, 1, 1, 1, 1)});
  EXPECT_EQ(books.attributed, (Counts{{3, 1}, {4, 1}}));
  EXPECT_EQ(books.unattributed, Counts());
  EXPECT_EQ(
      baselines(),
      (Baselines{{1, of_root(2)}, {2, of_pod(1, 2)}, {3, of_child(3, 1)}, {4, of_child(4, 1)}}));

  // Pass 2: a is gone after one more kill; so is c, after two.
  books.pass(5, {root(), seen(2, 0, 5, 0), seen(4, 1, 1, 1, 1)}, {late_a});
  EXPECT_EQ(books.attributed, (Counts{{3, 2}, {4, 1}}));
  EXPECT_EQ(books.unattributed, (Counts{{2, 2}}));
  EXPECT_EQ(baselines(), (Baselines{{1, of_root(5)}, {2, of_pod(5, 5)}, {4, of_child(4, 1)}}));

  // Pass 3: d is beyond the bound, and has a kill.
  books.pass(6, {root(), seen(2, 0, 6, 0), seen(4, 1, 1, 1, 1)}, {}, {}, true);
  EXPECT_EQ(books.unattributed, (Counts{{2, 3}}));
  EXPECT_EQ(baselines(), (Baselines{{1, of_root(6)}, {2, of_pod(6, 6)}, {4, of_child(4, 1)}}));

  // Pass 4: d comes to sight after one more kill.
  books.pass(7, {root(), seen(2, 0, 7, 0), seen(4, 1, 1, 1, 1), seen(5, 1, 2, 2, 2)});
  EXPECT_EQ(books.attributed, (Counts{{3, 2}, {4, 1}, {5, 1}}));
  EXPECT_EQ(books.unattributed, (Counts{{2, 3}}));
  EXPECT_EQ(
      baselines(),
      (Baselines{{1, of_root(7)}, {2, of_pod(7, 7)}, {4, of_child(4, 1)}, {5, of_child(5, 2)}}));
  EXPECT_EQ(books.by_limit, (std::map<Limit, std::uint64_t>{{Limit::own, 3}, {Limit::unknown, 1}}));
  EXPECT_EQ(books.sum(), 7U);
}

TEST(KillAttribution, CountsEveryKillOfARandomKernelOnce) {
  for (unsigned seed = 1; seed <= seeds(300); ++seed) {
    RandomKernel kernel(seed);
    Books books;
    for (int round = 0; round < 20; ++round) {
      for (int i = 0; i < 10; ++i) {
        kernel.act();
        kernel.pass(books, false);
        ASSERT_LE(books.sum(), kernel.host()) << "seed " << seed;
      }
      for (int i = 0; i < 10; ++i) kernel.pass(books, true);
      ASSERT_EQ(books.sum(), kernel.host()) << "seed " << seed << " round " << round;
      ASSERT_EQ(books.attribution.state().counted, kernel.host()) << "seed " << seed;
      ASSERT_EQ(books.limits(), Books::sum_of(books.attributed)) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace cgroup2::oom
