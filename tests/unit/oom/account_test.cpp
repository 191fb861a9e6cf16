// SPDX-License-Identifier: Apache-2.0
#include "oom/account.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <vector>

namespace cgroup2::oom {
namespace {

constexpr std::size_t nobody = Sighting::no_parent;

Sighting root() { return {.id = 1}; }

Sighting seen(std::uint64_t id, std::size_t parent, std::uint64_t total, std::uint64_t local,
              std::uint64_t oom = 0) {
  return {.id = id,
          .parent = parent,
          .generation = id + 1000,
          .total = {.oom_kill = total},
          .local = {.oom = oom, .oom_kill = local}};
}

Glimpse gone(std::uint64_t id, std::uint64_t parent, std::uint64_t kills) {
  return {.id = id,
          .parent = parent,
          .generation = id + 1000,
          .local = {.oom_kill = kills},
          .is_gone = true,
          .is_early = true};
}

// The sum of what was charged to each cgroup, a rest under the negative id.
class Books {
 public:
  void pass(std::optional<std::uint64_t> host, const std::vector<Sighting>& sightings,
            const std::vector<Glimpse>& glimpses = {},
            const std::vector<std::uint64_t>& unsettled = {}, bool is_partial = false) {
    last = account.settle(host, sightings, glimpses, unsettled, is_partial);
    for (const auto& charge : last.charges) charged[charge.id] += charge.kills;
    for (const auto& rest : last.rests) rests[rest.id] += rest.kills;
  }

  Account account;
  Verdict last;
  std::map<std::uint64_t, std::uint64_t> charged, rests;
};

using Counts = std::map<std::uint64_t, std::uint64_t>;

TEST(Account, ChargesAKillWhereItHappened) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 0), seen(3, 1, 1, 1, 1)});
  EXPECT_EQ(books.charged, (Counts{{3, 1}}));
  EXPECT_EQ(books.rests, Counts());
  EXPECT_EQ(books.last.charges[0].limit, Limit::own);
}

TEST(Account, ChargesWhatWasReadLastOfARemovedCgroup) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 0)}, {gone(3, 2, 1)});
  EXPECT_EQ(books.charged, (Counts{{3, 1}}));
  EXPECT_EQ(books.rests, Counts());
}

TEST(Account, GivesKillsOfUnknownChildrenToTheNearestAncestor) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  books.pass(2, {root(), seen(2, 0, 2, 0), seen(3, 1, 2, 0)});
  EXPECT_EQ(books.charged, Counts());
  EXPECT_EQ(books.rests, (Counts{{3, 2}}));
}

TEST(Account, BeginsAnewWithAnotherGeneration) {
  Books books;
  books.pass(3, {root(), seen(2, 0, 3, 3)});
  auto again = seen(2, 0, 1, 1);
  again.generation = 7;
  books.pass(4, {root(), again});
  EXPECT_EQ(books.charged, (Counts{{2, 4}}));
}

TEST(Account, TakesCountersThatFellForNewOnes) {
  Books books;
  books.pass(3, {root(), seen(2, 0, 3, 3)});
  books.pass(4, {root(), seen(2, 0, 1, 1)});
  EXPECT_EQ(books.charged, (Counts{{2, 4}}));
}

TEST(Account, LeavesToTheHostWhatParentsDoNotCount) {  // memory_localevents
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 0, 0), seen(3, 1, 1, 1)});
  for (int i = 0; i < 4; ++i) books.pass(2, {root(), seen(2, 0, 0, 0)});
  EXPECT_EQ(books.charged, (Counts{{3, 1}}));
  EXPECT_EQ(books.rests, (Counts{{1, 1}}));
}

TEST(Account, ChargesARestOfTheHostOnlyWhenItLasts) {
  Books books;
  books.pass(0, {root()});
  books.pass(1, {root()});
  books.pass(1, {root()});
  EXPECT_EQ(books.rests, Counts());
  books.pass(1, {root()});
  EXPECT_EQ(books.rests, (Counts{{1, 1}}));
}

TEST(Account, TellsWhoseLimitItWas) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 0, 1), seen(3, 1, 1, 1)});
  EXPECT_EQ(books.last.charges[0].limit, Limit::ancestor);
  books.pass(2, {root(), seen(2, 0, 2, 0, 1), seen(3, 1, 2, 2)});
  EXPECT_EQ(books.last.charges[0].limit, Limit::none);
}

TEST(Account, GoesOnAfterARestart) {
  Books before;
  before.pass(1, {root(), seen(2, 0, 1, 0), seen(3, 1, 1, 1)});
  Books after;
  after.account.restore(before.account.balances(), before.account.charged(),
                        before.account.was_partial());
  after.pass(4, {root(), seen(2, 0, 4, 0), seen(3, 1, 2, 2)});
  EXPECT_EQ(after.charged, (Counts{{3, 1}}));
  EXPECT_EQ(after.rests, (Counts{{2, 2}}));
}

TEST(Account, EndsInACircleOfParents) {
  Books books;
  books.account.restore(
      {{2, {.parent = 3, .generation = 1002}}, {3, {.parent = 2, .generation = 1003}}}, 0, false);
  books.pass(1, {root()}, {gone(2, 3, 1), gone(3, 2, 0)});
  EXPECT_EQ(books.charged, (Counts{{2, 1}}));
}

Glimpse suspect(std::uint64_t id) {
  auto glimpse = gone(id, 2, 0);
  glimpse.ended_with_event = true;
  return glimpse;
}

TEST(Account, GivesARestToTheOnlySuspect) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 0)}, {suspect(3)});
  EXPECT_EQ(books.charged, (Counts{{3, 1}}));
}

TEST(Account, GivesARestToAsManySuspectsAsKills) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0)});
  books.pass(2, {root(), seen(2, 0, 2, 0)}, {suspect(3), suspect(4)});
  EXPECT_EQ(books.charged, (Counts{{3, 1}, {4, 1}}));
  EXPECT_EQ(books.rests, Counts());
}

TEST(Account, SuspectsNobodyWhereNotAllCanHaveIt) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 0)}, {suspect(3), suspect(4)});
  EXPECT_EQ(books.charged, Counts());
  EXPECT_EQ(books.rests, (Counts{{2, 1}}));
}

TEST(Account, LetsALateSuspectWaitForTheNextTotal) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0)});
  auto late = suspect(3);
  late.is_early = false;
  books.pass(1, {root(), seen(2, 0, 0, 0)}, {late});
  books.pass(1, {root(), seen(2, 0, 1, 0)});
  EXPECT_EQ(books.charged, (Counts{{3, 1}}));
}

TEST(Account, SuspectsWhatWasGoneBeforeItCouldBeOpened) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0)});
  auto missed = gone(3, 2, 0);
  missed.generation = Glimpse::unread;
  books.pass(2, {root(), seen(2, 0, 2, 0)}, {suspect(4), missed});
  EXPECT_EQ(books.charged, (Counts{{3, 1}, {4, 1}}));
  EXPECT_EQ(books.last.charges[0].limit, Limit::unknown);
}

TEST(Account, WaitsForWhatIsStillSoughtInAGoneCgroup) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(5, 1, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 0)}, {gone(5, 2, 0)}, {5});
  EXPECT_EQ(books.rests, Counts());
  auto child = suspect(3);
  child.parent = 5;
  books.pass(1, {root(), seen(2, 0, 1, 0)}, {child});
  EXPECT_EQ(books.charged, (Counts{{3, 1}}));
}

TEST(Account, ChargesOnceWhatIsFoundLongAfterItWasSighted) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 0), seen(3, 1, 1, 1)}, {}, {2});
  books.pass(1, {root(), seen(2, 0, 1, 0)}, {}, {2});
  books.pass(1, {root(), seen(2, 0, 1, 0)}, {gone(3, 2, 1)});
  EXPECT_EQ(books.charged, (Counts{{3, 1}}));
}

TEST(Account, DoesNotCountAgainWhatACgroupBeyondTheBoundHad) {
  Books books;
  const auto without = [](std::uint64_t total) {
    return std::vector<Sighting>{root(), seen(2, 0, total, 0), seen(9, 0, 0, 0)};
  };
  for (int i = 0; i < 3; ++i) books.pass(0, without(0));
  books.pass(1, without(1));
  EXPECT_EQ(books.rests, (Counts{{2, 1}}));
  books.pass(1, {root(), seen(2, 0, 1, 0), seen(3, 1, 1, 1), seen(9, 0, 0, 0)});
  EXPECT_EQ(books.charged, Counts());
  // And what comes then is its own, or a rest as before.
  books.pass(2, {root(), seen(2, 0, 2, 0), seen(3, 1, 2, 2), seen(9, 0, 0, 0)});
  EXPECT_EQ(books.charged, (Counts{{3, 1}}));
  books.pass(3, {root(), seen(2, 0, 3, 0), seen(3, 1, 2, 2), seen(9, 0, 0, 0)});
  EXPECT_EQ(books.rests, (Counts{{2, 2}}));
}

TEST(Account, DoesNotCountAgainWhatTheNewestBeyondTheBoundHad) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0)}, {}, {}, true);
  books.pass(1, {root(), seen(2, 0, 1, 0)}, {}, {}, true);
  Books after;  // not even after a restart
  after.account.restore(books.account.balances(), books.account.charged(),
                        books.account.was_partial());
  for (Books* each : {&books, &after}) {
    each->pass(1, {root(), seen(2, 0, 1, 0), seen(3, 1, 1, 1)});
    EXPECT_EQ(each->charged, Counts());
  }
}

TEST(Account, DoesNotCountAgainWhatAWholeTreeBeyondTheBoundHad) {
  Books books;
  for (int i = 0; i < 3; ++i) books.pass(5, {root(), seen(9, 0, 0, 0)});
  for (int i = 0; i < 3; ++i) books.pass(5, {root(), seen(9, 0, 0, 0)});
  EXPECT_EQ(books.rests, (Counts{{1, 5}}));
  books.pass(6, {root(), seen(2, 0, 6, 1), seen(3, 1, 5, 3), seen(4, 2, 2, 2), seen(9, 0, 0, 0)});
  for (int i = 0; i < 4; ++i)
    books.pass(6, {root(), seen(2, 0, 6, 1), seen(3, 1, 5, 3), seen(4, 2, 2, 2), seen(9, 0, 0, 0)});
  EXPECT_EQ(books.account.charged(), 6);
}

TEST(Account, ChargesWhatHappenedBetweenTwoRunsToThoseThatHadNoKillBefore) {
  Account after;
  after.restore({}, 0, false);
  const auto verdict = after.settle(
      2, std::vector{root(), seen(2, 0, 1, 1), seen(3, 0, 1, 0), seen(4, 2, 1, 1)}, {});
  ASSERT_EQ(verdict.charges.size(), 2U);
  EXPECT_EQ(verdict.charges[0].id, 2U);
  EXPECT_EQ(verdict.charges[1].id, 4U);
}

TEST(Account, ChargesNoRestForWhatCannotBeReadForTheMoment) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  books.pass(1, {root(), seen(2, 0, 1, 0), {.id = 3, .parent = 1}});
  EXPECT_EQ(books.rests, Counts());
  books.pass(1, {root(), seen(2, 0, 1, 0), seen(3, 1, 1, 1)});
  EXPECT_EQ(books.charged, (Counts{{3, 1}}));
}

TEST(Account, DoesNotCountAgainWhatCouldNotBeReadForLong) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  for (int i = 0; i < 8; ++i) books.pass(1, {root(), seen(2, 0, 1, 0), {.id = 3, .parent = 1}});
  EXPECT_EQ(books.rests, (Counts{{2, 1}}));
  books.pass(2, {root(), seen(2, 0, 2, 0), seen(3, 1, 2, 2)});
  EXPECT_EQ(books.charged, (Counts{{3, 1}}));
}

TEST(Account, ChargesAllOfWhatWasMadeWhileAPassRan) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0)});
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(7, 0, 0, 0)});  // 5 was made after 2 was listed
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(5, 1, 0, 1), seen(7, 0, 0, 0)});
  EXPECT_EQ(books.charged, (Counts{{5, 1}}));
}

// A kernel whose state changes between the single reads of a pass.
class Kernel {
 public:
  explicit Kernel(unsigned seed, bool has_gaps = false) : random_(seed), has_gaps_(has_gaps) {
    cgroups_[1] = {};
  }

  // Something happens, or nothing.
  void act() {
    switch (random_() % 10) {
      case 0:
      case 1:
        make();
        break;
      case 2:
      case 3:
        kill();
        break;
      case 4:
        remove();
        break;
      case 5:
        if (random_() % 4 == 0) ++host_;  // a process in the root
        break;
      default:
        break;
    }
  }

  // Quiet: nothing happens during the pass. Settled: no gap comes or goes before it either.
  void pass(Books& books, bool is_quiet, bool is_settled = false) {
    const auto act_between = [&] {
      if (!is_quiet) act();
    };
    finish_kill();
    // For an instant only the host has it; not in one pass after the other.
    had_pending_ = !is_quiet && !had_pending_ && random_() % 8 == 0;
    if (had_pending_) begin_kill();
    const auto host = host_;
    if (has_gaps_ && !is_settled) change_gaps();
    for (auto& glimpse : gone_) glimpse.is_early = true;
    std::vector<Sighting> sightings;
    std::map<std::uint64_t, std::size_t> seen_ids;
    const auto visit = [&](auto&& self, std::uint64_t id, std::size_t parent) -> void {
      Sighting sighting{.id = id, .parent = parent};
      if (id != 1 && cgroups_.contains(id)) {
        sighting.generation = id + 1000;
        sighting.total.oom_kill = cgroups_[id].total;
        act_between();
        finish_kill();
        if (cgroups_.contains(id) && !cgroups_[id].is_unreadable) {
          sighting.local.oom_kill = cgroups_[id].local;
        } else {
          sighting.generation = 0;
        }
      }
      const auto at = sightings.size();
      seen_ids[id] = at;
      sightings.push_back(sighting);
      std::vector<std::uint64_t> children;
      for (const auto& [child, cgroup] : cgroups_)
        if (cgroup.parent == id && !cgroup.is_hidden) children.push_back(child);
      for (const auto child : children) {
        act_between();
        self(self, child, at);
      }
    };
    visit(visit, 1, nobody);
    std::vector<Glimpse> glimpses;
    std::vector<Glimpse> later;
    // What the watcher still looks for: it does not know what is below.
    std::vector<std::uint64_t> unsettled;
    std::set<std::uint64_t> sought;
    const auto is_sought = [&](std::uint64_t id, std::uint64_t parent) {
      if (!sought.contains(parent) && (is_quiet || random_() % 4 != 0)) return false;
      unsettled.push_back(parent);
      sought.insert(id);
      return true;
    };
    for (const auto& [id, cgroup] : cgroups_) {
      if (id == 1) continue;
      const auto at = seen_ids.find(id);
      const bool is_read = at != seen_ids.end() && sightings[at->second].generation != 0;
      const bool is_too_new = at == seen_ids.end() && !is_out_of_sight(id);
      const bool is_told =
          is_too_new ? !is_sought(id, cgroup.parent) : !is_read && cgroup.is_watched;
      if (is_told)
        glimpses.push_back({.id = id,
                            .parent = cgroup.parent,
                            .generation = id + 1000,
                            .local = {.oom_kill = cgroup.local}});
    }
    for (const auto& glimpse : gone_) {
      const auto at = seen_ids.find(glimpse.id);
      const bool is_sighted = at != seen_ids.end() && sightings[at->second].generation != 0;
      const bool is_later = is_sighted || is_sought(glimpse.id, glimpse.parent);
      (is_later ? later : glimpses).push_back(glimpse);
    }
    gone_ = later;
    const bool is_partial =
        std::ranges::any_of(cgroups_, [](const auto& cgroup) { return cgroup.second.is_hidden; });
    books.pass(host, sightings, glimpses, unsettled, is_partial);
  }

  // A new watcher knows nothing of what is gone.
  void forget_gone() { gone_.clear(); }

  [[nodiscard]] std::uint64_t host() const { return host_; }

 private:
  struct Cgroup {
    std::uint64_t parent = 0;
    std::uint64_t total = 0;
    std::uint64_t local = 0;
    bool is_hidden = false;  // beyond the bound, and what is below it
    bool is_unreadable = false;
    bool is_watched = false;  // known to the watcher though it is hidden or cannot be read
  };

  void change_gaps() {
    for (auto& [id, cgroup] : cgroups_) {
      if (id == 1) continue;
      if (random_() % 8 == 0) cgroup.is_hidden = !cgroup.is_hidden;
      if (random_() % 8 == 0) cgroup.is_unreadable = !cgroup.is_unreadable;
    }
  }
  bool is_out_of_sight(std::uint64_t id) {
    for (; id != 1; id = cgroups_[id].parent)
      if (cgroups_[id].is_hidden) return true;
    return false;
  }

  std::uint64_t any() {
    auto at = cgroups_.begin();
    std::advance(at, static_cast<long>(random_() % cgroups_.size()));
    return at->first;
  }
  void make() {
    if (cgroups_.size() < 12) {
      const auto parent = any();
      cgroups_[++last_].parent = parent;
      // Who watches a cgroup watches those above it, which tell of it.
      cgroups_[last_].is_watched =
          has_gaps_ && (parent == 1 || cgroups_[parent].is_watched) && random_() % 4 != 0;
    }
  }
  void begin_kill() {  // vmstat has it, the cgroup not yet
    const auto id = any();
    if (id == 1 || pending_ != 0) return;
    ++host_;
    pending_ = id;
  }
  void finish_kill() {
    if (pending_ == 0) return;
    ++cgroups_[pending_].local;
    for (auto id = pending_; id != 1; id = cgroups_[id].parent) ++cgroups_[id].total;
    pending_ = 0;
  }
  void kill() {
    begin_kill();
    finish_kill();
  }
  void remove() {
    const auto id = any();
    for (const auto& [child, cgroup] : cgroups_)
      if (cgroup.parent == id || id == 1 || pending_ == id) return;
    const Cgroup& cgroup = cgroups_[id];
    if (id == 1) return;
    auto last = gone(id, cgroup.parent, cgroup.local);
    last.is_early = false;
    last.ended_with_event = random_() % 2 == 0;
    if (last.local.oom_kill > 0 && random_() % 3 == 0) --last.local.oom_kill;  // read too late
    if (random_() % 5 == 0) {  // gone before the watcher could open it
      last = {.id = id + 1'000'000,
              .parent = last.parent,
              .generation = Glimpse::unread,
              .is_gone = true};
    }
    if (!is_out_of_sight(id) || cgroup.is_watched) gone_.push_back(last);
    cgroups_.erase(id);
  }

  std::mt19937 random_;
  bool has_gaps_;
  std::map<std::uint64_t, Cgroup> cgroups_;
  std::vector<Glimpse> gone_;
  std::uint64_t host_ = 0;
  std::uint64_t last_ = 1;
  std::uint64_t pending_ = 0;
  bool had_pending_ = false;
};

std::uint64_t sum(const Counts& counts) {
  std::uint64_t all = 0;
  for (const auto& [id, count] : counts) all += count;
  return all;
}

TEST(Account, CountsEveryKillOfARandomKernelOnce) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    Kernel kernel(seed);
    Books books;
    for (int round = 0; round < 20; ++round) {
      for (int i = 0; i < 10; ++i) {
        kernel.act();
        kernel.pass(books, false);
        ASSERT_LE(books.account.charged(), kernel.host()) << "seed " << seed;
      }
      for (int i = 0; i < 10; ++i) kernel.pass(books, true);
      ASSERT_EQ(sum(books.charged) + sum(books.rests), kernel.host()) << "seed " << seed;
      ASSERT_EQ(books.account.charged(), kernel.host()) << "seed " << seed;
    }
  }
}

TEST(Account, CountsEveryKillOfARandomKernelOnceThatItSeesWithGaps) {
  for (unsigned seed = 1; seed <= 100; ++seed) {
    Kernel kernel(seed, true);
    Books books;
    for (int round = 0; round < 20; ++round) {
      for (int i = 0; i < 10; ++i) {
        kernel.act();
        kernel.pass(books, false);
        ASSERT_LE(books.account.charged(), kernel.host()) << "seed " << seed;
      }
      for (int i = 0; i < 30; ++i) kernel.pass(books, true, i >= 20);
      ASSERT_EQ(books.account.charged(), kernel.host()) << "seed " << seed << " round " << round;
    }
  }
}

// As the state file does.
std::map<std::uint64_t, Account::Balance> kept(std::map<std::uint64_t, Account::Balance> balances) {
  std::erase_if(balances, [](const auto& known) {
    const auto& balance = known.second;
    const bool is_lost =
        balance.is_half_read || (balance.generation == 0 && balance.unread_since != 0);
    return balance.local == Events() && balance.total == 0 && balance.explained == 0 && !is_lost;
  });
  for (auto& [id, balance] : balances) {
    if (balance.is_half_read) balance.generation = 0;
  }
  return balances;
}

TEST(Account, CountsEveryKillOfARandomKernelOnceAcrossRestarts) {
  for (unsigned seed = 1; seed <= 200; ++seed) {
    Kernel kernel(seed, seed % 2 == 0);
    Books books;
    Books saved;
    for (int round = 0; round < 20; ++round) {
      for (int i = 0; i < 10; ++i) {
        kernel.act();
        kernel.pass(books, false);
        if (i == 4) saved = books;
      }
      books = saved;  // killed, and what was not saved is gone
      Account again;
      again.restore(kept(books.account.balances()), books.account.charged(),
                    books.account.was_partial());
      books.account = again;
      kernel.forget_gone();
      for (int i = 0; i < 30; ++i) kernel.pass(books, true, i >= 20);
      ASSERT_EQ(sum(books.charged) + sum(books.rests), kernel.host()) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace cgroup2::oom
