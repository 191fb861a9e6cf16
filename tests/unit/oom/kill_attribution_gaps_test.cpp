// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <vector>

#include "unit/oom/books.h"
#include "unit/oom/random_kernel.h"

namespace cgroup2::oom {
namespace {

using namespace test;

TEST(KillAttributionGaps, DoesNotCountAgainWhatACgroupBeyondTheBoundHad) {
  Books books;
  const auto without = [](std::uint64_t total) {
    return std::vector<Observation>{root(), seen(2, 0, total, 0), seen(9, 0, 0, 0)};
  };
  for (int i = 0; i < 3; ++i) books.pass(0, without(0));
  books.pass(1, without(1));
  EXPECT_EQ(books.unattributed, (Counts{{2, 1}}));
  books.pass(1, {root(), seen(2, 0, 1, 0), seen(3, 1, 1, 1), seen(9, 0, 0, 0)});
  EXPECT_EQ(books.attributed, Counts());
  // And what comes then is its own, or unattributed as before.
  books.pass(2, {root(), seen(2, 0, 2, 0), seen(3, 1, 2, 2), seen(9, 0, 0, 0)});
  EXPECT_EQ(books.attributed, (Counts{{3, 1}}));
  books.pass(3, {root(), seen(2, 0, 3, 0), seen(3, 1, 2, 2), seen(9, 0, 0, 0)});
  EXPECT_EQ(books.unattributed, (Counts{{2, 2}}));
}

TEST(KillAttributionGaps, DoesNotCountAgainWhatTheNewestBeyondTheBoundHad) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0)}, {}, {}, true);
  books.pass(1, {root(), seen(2, 0, 1, 0)}, {}, {}, true);
  Books after;  // not even after a restart
  after.attribution.restore(books.attribution.state());
  for (Books* each : {&books, &after}) {
    each->pass(1, {root(), seen(2, 0, 1, 0), seen(3, 1, 1, 1)});
    EXPECT_EQ(each->attributed, Counts());
  }
}

TEST(KillAttributionGaps, DoesNotCountAgainWhatAWholeTreeBeyondTheBoundHad) {
  Books books;
  for (int i = 0; i < 3; ++i) books.pass(5, {root(), seen(9, 0, 0, 0)});
  for (int i = 0; i < 3; ++i) books.pass(5, {root(), seen(9, 0, 0, 0)});
  EXPECT_EQ(books.unattributed, (Counts{{1, 5}}));
  books.pass(6, {root(), seen(2, 0, 6, 1), seen(3, 1, 5, 3), seen(4, 2, 2, 2), seen(9, 0, 0, 0)});
  for (int i = 0; i < 4; ++i)
    books.pass(6, {root(), seen(2, 0, 6, 1), seen(3, 1, 5, 3), seen(4, 2, 2, 2), seen(9, 0, 0, 0)});
  EXPECT_EQ(books.attribution.state().counted, 6U);
}

TEST(KillAttributionGaps, AttributesKillsBetweenTwoRunsToCgroupsThatHadNoneBefore) {
  Books after;
  after.attribution.restore({});
  after.pass(2, {root(), seen(2, 0, 1, 1), seen(3, 0, 1, 0), seen(4, 2, 1, 1)});
  EXPECT_EQ(after.attributed, (Counts{{2, 1}, {4, 1}}));
}

TEST(KillAttributionGaps, DoesNotCountAgainWhatCouldNotBeReadForLong) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(3, 1, 0, 0)});
  for (int i = 0; i < 8; ++i) books.pass(1, {root(), seen(2, 0, 1, 0), unreadable(3, 1)});
  EXPECT_EQ(books.unattributed, (Counts{{2, 1}}));
  books.pass(2, {root(), seen(2, 0, 2, 0), seen(3, 1, 2, 2)});
  EXPECT_EQ(books.attributed, (Counts{{3, 1}}));
}

TEST(KillAttributionGaps, AttributesAllOfWhatWasMadeWhileAPassRan) {
  Books books;
  books.pass(0, {root(), seen(2, 0, 0, 0)});
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(7, 0, 0, 0)});  // 5 was made after 2 was listed
  books.pass(0, {root(), seen(2, 0, 0, 0), seen(5, 1, 0, 1), seen(7, 0, 0, 0)});
  EXPECT_EQ(books.attributed, (Counts{{5, 1}}));
}

TEST(KillAttributionGaps, CountsEveryKillOfARandomKernelOnceThatItSeesWithGaps) {
  for (unsigned seed = 1; seed <= seeds(100); ++seed) {
    RandomKernel kernel(seed, true);
    Books books;
    for (int round = 0; round < 20; ++round) {
      for (int i = 0; i < 10; ++i) {
        kernel.act();
        kernel.pass(books, false);
        ASSERT_LE(books.sum(), kernel.host()) << "seed " << seed;
      }
      for (int i = 0; i < 30; ++i) kernel.pass(books, true, i >= 20);
      ASSERT_EQ(books.sum(), kernel.host()) << "seed " << seed << " round " << round;
      ASSERT_EQ(books.attribution.state().counted, kernel.host()) << "seed " << seed;
      ASSERT_EQ(books.limits(), Books::sum_of(books.attributed)) << "seed " << seed;
    }
  }
}

TEST(KillAttributionGaps, CountsEveryKillOfARandomKernelOnceAcrossRestarts) {
  for (unsigned seed = 1; seed <= seeds(200); ++seed) {
    RandomKernel kernel(seed, seed % 2 == 0);
    Books books;
    Books saved;
    for (int round = 0; round < 20; ++round) {
      for (int i = 0; i < 10; ++i) {
        kernel.act();
        kernel.pass(books, false);
        if (i == 4) saved = books;
      }
      books = saved;  // killed, and what was not saved is gone
      books.restart();
      kernel.forget_gone();
      for (int i = 0; i < 30; ++i) kernel.pass(books, true, i >= 20);
      ASSERT_EQ(books.sum(), kernel.host()) << "seed " << seed << " round " << round;
    }
  }
}

}  // namespace
}  // namespace cgroup2::oom
