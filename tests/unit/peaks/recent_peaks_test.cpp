// SPDX-License-Identifier: Apache-2.0
#include "peaks/recent_peaks.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <deque>
#include <string>

#include "fake_kernel.h"
#include "support/log.h"
#include "support/read_errors.h"

namespace cgroup2::peaks {
namespace {

using namespace std::chrono_literals;
using test::FakeKernel;

constexpr bool is_made_since = true;

class RecentPeaksTest : public testing::Test {
 protected:
  RecentPeaksTest() { kernel.use("own", 50), kernel.use("own", 10); }

  // With a window of a minute.
  RecentPeaks make() {
    return {[this](const auto& task) {
              ++tasks;
              task();
            },
            errors, log, FakeKernel::calls()};
  }

  void add(const std::string& cgroup, bool is_new = false, bool has_swap = false) {
    dirs.push_back(kernel.dir(cgroup));
    cgroups.push_back({dirs.size(), &dirs.back(), cgroup, {true, has_swap}, is_new});
  }
  void probe() {
    const auto own = kernel.dir("own");
    recent.probe(&own);
  }

  std::optional<std::uint64_t> read(std::chrono::milliseconds at, std::size_t file = 0) {
    recent.read(cgroups, base::TimePoint(1h + at), values);
    for (auto& cgroup : cgroups) cgroup.is_new = false;
    return values.at(0).at(file);
  }

  FakeKernel kernel;
  test::RecordingLog log;
  base::ReadErrors errors{log};
  std::size_t tasks = 0;
  std::deque<base::Dir> dirs;
  std::vector<CgroupToWatch> cgroups;
  std::vector<RecentValues> values;
  RecentPeaks recent = make();
};

// Where a reset is for one open file.
class ResetPeaksTest : public RecentPeaksTest {
 protected:
  ResetPeaksTest() {
    probe();
    kernel.use("a", 900);
    kernel.use("a", 100);
    add("a");
  }
  void spike(std::uint64_t bytes) { kernel.use("a", bytes), kernel.use("a", 100); }
};

TEST_F(ResetPeaksTest, BeginWithTheUsage) { EXPECT_EQ(read(0s), 100); }

TEST_F(ResetPeaksTest, ShowASpikeForAWindowAndAPeriodAtMost) {
  read(0s);
  spike(700);
  EXPECT_EQ(read(1s), 700);
  EXPECT_EQ(read(16s), 700);
  EXPECT_EQ(read(61s), 700);
  EXPECT_EQ(read(76s), 100);
}

// However often who scrapes.
TEST_F(ResetPeaksTest, ShowASpikeToEachOfTwoScrapers) {
  std::uint64_t spikes = 0;
  for (int second = 0; second <= 240; ++second) {
    if (second % 60 == 5) spike(500 + ++spikes);
    const bool is_scraped = second % 15 == 0 || second % 60 == 59;
    if (!is_scraped) continue;
    const auto value = read(std::chrono::seconds(second));
    if (second % 60 == 59) {
      EXPECT_EQ(value, 500 + spikes) << second;
    }
  }
}

TEST_F(ResetPeaksTest, EndPeriodsWhileNobodyScrapes) {
  read(0s);
  spike(700);
  for (int second = 15; second <= 120; second += 15)
    recent.tick(base::TimePoint(1h + std::chrono::seconds(second)));
  EXPECT_EQ(read(121s), 100);
}

TEST_F(ResetPeaksTest, LoseNothingBetweenTwoTicks) {
  read(0s);
  recent.tick(base::TimePoint(1h + 15s));
  spike(700);
  recent.tick(base::TimePoint(1h + 30s));
  EXPECT_EQ(read(60s), 700);
}

TEST_F(ResetPeaksTest, KnowTheWholeLifeOfANewCgroup) {
  read(0s);
  cgroups.clear();
  kernel.use("b", 800), kernel.use("b", 5);
  add("b", is_made_since);
  EXPECT_EQ(read(10s), 800);
  EXPECT_EQ(read(69s), 800);
  EXPECT_EQ(read(90s), 5);
}

TEST_F(ResetPeaksTest, DoNotTakeALifeForNewAfterALongTime) {
  read(0s);
  cgroups.clear();
  kernel.use("b", 800), kernel.use("b", 5);
  add("b", is_made_since);
  EXPECT_EQ(read(76s), 5);
}

TEST_F(ResetPeaksTest, ResetOnceAPeriod) {
  read(0s);
  const auto before = kernel.resets;
  for (int second = 1; second <= 30; ++second) read(std::chrono::seconds(second));
  EXPECT_EQ(kernel.resets, before + 2);
  EXPECT_EQ(kernel.opens, 2) << "of the probe and of the cgroup";
  EXPECT_EQ(tasks, 2);
}

TEST_F(ResetPeaksTest, HoldNoDescriptorForSwapThatWasNeverUsed) {
  kernel.use("a", 0, "memory.swap.peak");
  cgroups[0].has[1] = true;
  EXPECT_EQ(read(0s, 1), 0);
  EXPECT_EQ(kernel.opens, 2);
  kernel.use("a", 30, "memory.swap.peak"), kernel.use("a", 20, "memory.swap.peak");
  EXPECT_EQ(read(10s, 1), 30);
  EXPECT_EQ(kernel.opens, 3);
  EXPECT_EQ(read(90s, 1), 20);
}

TEST_F(ResetPeaksTest, ForgetACgroupThatIsGone) {
  read(0s);
  kernel.remove("a");
  EXPECT_EQ(read(1s), std::nullopt);
  EXPECT_EQ(recent.figures().reset, 0);
  cgroups.clear();
  recent.read(cgroups, base::TimePoint(1h + 2s), values);
  EXPECT_EQ(recent.figures().grown, 0);
  EXPECT_EQ(test::total(errors), 0) << "absence is no error";
}

TEST_F(ResetPeaksTest, KnowWhatGrowsWhereThereIsNoDescriptor) {
  kernel.open_error = EMFILE;
  EXPECT_EQ(read(0s), std::nullopt);
  EXPECT_EQ(errors.counts().at({"memory.peak", "EMFILE"}), 1);
  spike(1'000);
  EXPECT_EQ(read(1s), 1'000);
  EXPECT_EQ(test::total(errors), 1) << "not in each poll";
  EXPECT_EQ(recent.figures().grown, 1);
  kernel.open_error = 0;
  EXPECT_EQ(read(15s), 1'000);
  EXPECT_EQ(recent.figures().reset, 1);
}

TEST_F(ResetPeaksTest, CloseEverything) {
  read(0s);
  recent.clear();
  EXPECT_EQ(recent.figures().reset, 0);
  EXPECT_EQ(read(1s), 100) << "and begin anew";
}

// Where nothing may be written.
class GrownPeaksTest : public RecentPeaksTest {
 protected:
  GrownPeaksTest() {
    kernel.use("a", 900);
    add("a");
  }
};

TEST_F(GrownPeaksTest, AreAbsentWhileThePeakDoesNotGrow) {
  EXPECT_EQ(read(0s), std::nullopt);
  EXPECT_EQ(read(15s), std::nullopt);
  EXPECT_EQ(kernel.opens, 0);
}

TEST_F(GrownPeaksTest, AreThePeakWhileItGrewInTheWindow) {
  read(0s);
  kernel.use("a", 1'000), kernel.use("a", 1);
  EXPECT_EQ(read(5s), 1'000);
  EXPECT_EQ(read(20s), 1'000);
  EXPECT_EQ(read(79s), 1'000);
  EXPECT_EQ(read(80s), std::nullopt);
}

TEST_F(GrownPeaksTest, AreAbsentWhereThePeakGrewLongAgo) {
  read(0s);
  kernel.use("a", 1'000);
  EXPECT_EQ(read(76s), std::nullopt);
  kernel.use("a", 1'001);
  EXPECT_EQ(read(151s), 1'001) << "a scraper that is as slow as the window";
}

TEST_F(GrownPeaksTest, AreNothingWithoutAnyUse) {
  kernel.use("b", 0);
  cgroups.clear();
  add("b");
  EXPECT_EQ(read(0s), 0);
}

TEST_F(GrownPeaksTest, CountAFileThatCannotBeRead) {
  test::Tree tree{{"memory.peak", "none\n"}};
  const auto dir = std::move(*base::Dir::open(tree.path()));
  cgroups[0].dir = &dir;
  EXPECT_EQ(read(0s), std::nullopt);
  EXPECT_EQ(errors.counts().at({"memory.peak", base::errno_name(EILSEQ)}), 1);
}

// Whether anything may be written.

TEST_F(RecentPeaksTest, WriteNothingBeforeTheyKnowWhatItDoes) {
  kernel.use("a", 900);
  add("a");
  EXPECT_TRUE(recent.wants_probe());
  read(0s);
  EXPECT_EQ(kernel.resets, 0);
}

TEST_F(RecentPeaksTest, WriteNothingWhereAResetIsForEverybody) {
  kernel.writes = FakeKernel::Writes::for_everybody;
  probe();
  kernel.use("a", 900);
  add("a");
  read(0s), read(15s);
  EXPECT_EQ(kernel.resets, 1) << "of its own cgroup";
  EXPECT_FALSE(recent.wants_probe());
  EXPECT_EQ(log.lines().at(0).level, base::LogLevel::warn);
}

TEST_F(RecentPeaksTest, SayHowToGetTheRight) {
  kernel.open_error = EROFS;
  probe();
  EXPECT_FALSE(recent.wants_probe());
  EXPECT_NE(log.lines().at(0).text.find("error=EROFS hint=mount"), std::string::npos);
}

TEST_F(RecentPeaksTest, AskTenTimesWhatAWriteDoes) {
  for (int time = 1; time < 10; ++time) recent.probe(nullptr);
  EXPECT_TRUE(recent.wants_probe());
  recent.probe(nullptr);
  EXPECT_FALSE(recent.wants_probe());
  EXPECT_EQ(log.lines().size(), 1);
  EXPECT_EQ(kernel.resets, 0);
}

TEST_F(RecentPeaksTest, DoNotAskWithoutTheRight) {
  const RecentPeaks without({}, errors, log, FakeKernel::calls());
  EXPECT_FALSE(without.wants_probe());
}

}  // namespace
}  // namespace cgroup2::peaks
