// SPDX-License-Identifier: Apache-2.0
#include "cgroup/kept_values.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace cgroup2::cgroup {
namespace {

constexpr auto never = CgroupToRead::never;

// One cgroup of id 7 with the files memory.max and pids.max, whose values are what `bits` says.
class KeptValuesTest : public testing::Test {
 protected:
  struct Poll {
    bool was_valid = false;
    std::vector<std::uint64_t> shown;  // the bits of all its values
  };

  Poll poll(std::uint64_t since, std::uint64_t report, CgroupIndex index = 0) {
    const std::vector<CgroupToRead> cgroups{{nullptr, files, "/a", 0, index, 7, since}};
    kept.begin(cgroups, report);
    Poll poll;
    poll.was_valid = kept.is_valid(0);
    Columns columns;
    Inputs inputs;
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (poll.was_valid) {
        kept.replay(0, files[i], {0, &columns, &inputs});
        continue;
      }
      std::vector<FileValue> values;
      for (const std::uint64_t each : bits[i]) {
        values.push_back({metric, 0, no_labels, each});
        push(values.back(), {0, &columns, &inputs});
      }
      kept.keep(0, files[i], values, !fails);
    }
    for (const Sample& sample : columns.columns[metric]) poll.shown.push_back(sample.bits);
    return poll;
  }
  // The reports after which nothing is written any more.
  bool is_valid_after(std::uint64_t report) { return poll(since_, report).was_valid; }
  std::uint64_t misses(const char* file) const { return kept.misses()[catalog::file_index(file)]; }

  static constexpr std::uint16_t metric = 0;
  std::uint64_t since_ = 1;
  Interface interface;
  std::vector<FileId> files{*interface.find("memory.max"), *interface.find("pids.max")};
  std::vector<std::vector<std::uint64_t>> bits{{10}, {20, 21}};
  bool fails = false;
  KeptValues kept{interface};
};

using Bits = std::vector<std::uint64_t>;

TEST_F(KeptValuesTest, AreValidUntilTheCgroupIsWritten) {
  EXPECT_FALSE(poll(1, 1).was_valid) << "nothing is known of it yet";
  const auto second = poll(1, 2);
  EXPECT_TRUE(second.was_valid);
  EXPECT_EQ(second.shown, (Bits{10, 20, 21}));
  EXPECT_TRUE(poll(1, 5).was_valid);
  bits = {{}, {30}};
  const auto written = poll(6, 6);
  EXPECT_FALSE(written.was_valid);
  const auto after = poll(6, 7);
  EXPECT_TRUE(after.was_valid);
  EXPECT_EQ(after.shown, Bits{30});
}

TEST_F(KeptValuesTest, AWriteThatAScanWasToldOfCountsInTheNextPoll) {
  EXPECT_FALSE(poll(1, 1).was_valid);
  EXPECT_FALSE(poll(2, 4).was_valid) << "report 2 said it, and nobody has read the files since";
  EXPECT_TRUE(poll(2, 5).was_valid);
}

TEST_F(KeptValuesTest, AreNotKeptWhereNobodyWatches) {
  EXPECT_FALSE(poll(never, 1).was_valid);
  EXPECT_FALSE(poll(never, 2).was_valid);
  EXPECT_FALSE(poll(1, 0).was_valid);
  EXPECT_FALSE(poll(1, 3).was_valid) << "what was read without a watch is not kept";
  EXPECT_TRUE(poll(1, 4).was_valid);
}

TEST_F(KeptValuesTest, AreForgottenWithTheCgroupAndByClear) {
  (void)poll(1, 1);
  kept.begin({}, 2);
  EXPECT_FALSE(poll(1, 3).was_valid);
  kept.clear();
  EXPECT_FALSE(poll(1, 4).was_valid);
  EXPECT_TRUE(poll(1, 5).was_valid);
}

TEST_F(KeptValuesTest, OtherFilesMakeAllBeReadAgain) {
  (void)poll(1, 1);
  files.pop_back();
  bits.pop_back();
  EXPECT_FALSE(poll(1, 2).was_valid);
  const auto after = poll(1, 3);
  EXPECT_TRUE(after.was_valid);
  EXPECT_EQ(after.shown, Bits{10});
}

TEST_F(KeptValuesTest, OfACgroupThatWasReadForItsDescendantsAloneDoNotDoForItself) {
  (void)poll(1, 1, no_cgroup);
  EXPECT_TRUE(poll(1, 2, no_cgroup).was_valid);
  EXPECT_FALSE(poll(1, 3).was_valid);
  EXPECT_TRUE(poll(1, 4).was_valid);
}

TEST_F(KeptValuesTest, AFileThatFailedIsReadAgain) {
  fails = true;
  (void)poll(1, 1);
  EXPECT_FALSE(poll(1, 2).was_valid);
  fails = false;
  EXPECT_FALSE(poll(1, 3).was_valid);
  const auto after = poll(1, 4);
  EXPECT_TRUE(after.was_valid);
  EXPECT_EQ(after.shown, (Bits{10, 20, 21}));
}

TEST_F(KeptValuesTest, EachCgroupIsComparedOnceInTwentyPolls) {
  (void)poll(1, 1);
  std::vector<std::uint64_t> compared;
  for (std::uint64_t report = 2; report < 62; ++report) {
    if (!is_valid_after(report)) compared.push_back(report);
  }
  ASSERT_EQ(compared.size(), 3U);
  EXPECT_EQ(compared[1] - compared[0], 20U);
  EXPECT_EQ(compared[2] - compared[1], 20U);
  EXPECT_EQ(misses("memory.max") + misses("pids.max"), 0U);
}

TEST_F(KeptValuesTest, ADifferenceOfWhichNothingToldIsAMissOfItsFile) {
  (void)poll(1, 1);
  bits = {{10}, {21}};
  std::uint64_t report = 2;
  while (is_valid_after(report)) ++report;
  EXPECT_EQ(misses("pids.max"), 0U) << "the event of a write may follow";
  EXPECT_EQ(poll(1, report + 1).shown, (Bits{10, 21}));
  EXPECT_EQ(misses("pids.max"), 1U);
  EXPECT_EQ(misses("memory.max"), 0U);
  (void)poll(1, report + 2);
  EXPECT_EQ(misses("pids.max"), 1U);
}

TEST_F(KeptValuesTest, ADifferenceOfWhichAnEventTellsLaterIsNoMiss) {
  (void)poll(1, 1);
  bits = {{11}, {}};
  std::uint64_t report = 2;
  while (is_valid_after(report)) ++report;
  EXPECT_EQ(poll(report + 1, report + 1).shown, Bits{11});
  EXPECT_EQ(misses("memory.max") + misses("pids.max"), 0U);
}

TEST_F(KeptValuesTest, AFileThatCannotBeComparedIsNoMiss) {
  (void)poll(1, 1);
  fails = true;
  std::uint64_t report = 2;
  while (is_valid_after(report)) ++report;
  fails = false;
  EXPECT_EQ(poll(1, report + 1).shown, (Bits{10, 20, 21}));
  EXPECT_EQ(misses("memory.max") + misses("pids.max"), 0U);
}

TEST_F(KeptValuesTest, TwoCgroupsOfOneIdDoNotShareValues) {
  const CgroupToRead cgroup{nullptr, files, "/a", 0, 0, 7, 1};
  const std::vector<CgroupToRead> cgroups{cgroup, cgroup};
  for (const std::uint64_t report : {1U, 2U}) {
    kept.begin(cgroups, report);
    EXPECT_FALSE(kept.is_valid(1));
    kept.keep(1, files[0], {}, true);
  }
}

}  // namespace
}  // namespace cgroup2::cgroup
