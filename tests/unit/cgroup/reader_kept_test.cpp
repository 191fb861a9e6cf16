// SPDX-License-Identifier: Apache-2.0
// What the reader does not read: files that say what they said, and files that were read for it.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "cgroup/reader.h"
#include "support/log.h"
#include "support/read_errors.h"
#include "support/tree.h"

namespace cgroup2::cgroup {
namespace {

// The cgroups "a" and "b", which is below "a". Nobody is told of a change of their files.
class ReaderKeptTest : public testing::Test {
 protected:
  // What a poll shows after the watcher's next report.
  std::map<std::string, std::uint64_t> poll(std::uint64_t since = 1) {
    std::vector<CgroupToRead> cgroups;
    std::vector<std::vector<FileId>> lists;
    for (const base::Dir& dir : dirs) {
      auto& list = lists.emplace_back();
      (void)dir.list([&](const base::DirEntry& entry) {
        if (const auto file = interface.find(entry.name)) list.push_back(*file);
      });
    }
    cgroups.push_back({&dirs[0], lists[0], "/a", CgroupToRead::no_parent,
                       hides_a ? no_cgroup : CgroupIndex{0}, 10, since, texts});
    cgroups.push_back({&dirs[1], lists[1], "/a/b", 0, CgroupIndex{hides_a ? 0U : 1U}, 11, since});
    Columns columns;
    outcomes = {};
    reader.read(cgroups, std::nullopt, columns, outcomes, ++report);
    std::map<std::string, std::uint64_t> shown;
    for (std::size_t i = 0; i < catalog::metric_count; ++i) {
      CgroupIndex last = 0;
      for (const Sample& sample : columns.columns[i]) {
        std::string name(catalog::metrics[i].name);
        for (const LabelId label : sample.labels) {
          if (label != no_label) name += "/" + (*reader.labels())[label];
        }
        shown[name + "/" + std::to_string(sample.cgroup)] = sample.bits;
        EXPECT_LE(last, sample.cgroup) << name << ": cgroups ascend";
        last = sample.cgroup;
      }
    }
    return shown;
  }

  test::Tree files{{"a/memory.max", "1000\n"},
                   {"a/memory.current", "10\n"},
                   {"a/cpuset.cpus", "0-3\n"},
                   {"b/memory.max", "500\n"},
                   {"b/memory.current", "20\n"},
                   {"proc/meminfo", "MemTotal: 1048576 kB\n"},
                   {"sys/", ""}};
  std::vector<base::Dir> dirs;
  test::RecordingLog log;
  base::ReadErrors errors{log};
  Interface interface;
  Reader reader{interface, *base::Dir::open(files.path("proc")),
                *base::Dir::open(files.path("sys")), errors};
  std::vector<FileText> texts;  // of "a"
  Outcomes outcomes{};
  bool hides_a = false;
  std::uint64_t report = 0;

  void SetUp() override {
    for (const char* name : {"a", "b"}) dirs.push_back(*base::Dir::open(files.path(name)));
    reader.select({CollectorSet().set(), {}});
  }
};

TEST_F(ReaderKeptTest, FilesThatOnlyAWriteChangesAreReadOnceAndTheOthersAlways) {
  const auto first = poll();
  EXPECT_EQ(first.at("cgroup_memory_limit_bytes/1"), 500U);
  files.write("b/memory.max", "600\n");
  files.write("b/memory.current", "30\n");
  const auto second = poll();
  EXPECT_EQ(second.at("cgroup_memory_limit_bytes/1"), 500U);
  EXPECT_EQ(second.at("cgroup_memory_usage_bytes/1"), 30U);
  EXPECT_EQ(second.at("cgroup_memory_effective_limit_bytes/1"), 500U) << "from the kept limit";
  EXPECT_EQ(second.at("cgroup_memory_headroom_bytes/1"), 470U);
  EXPECT_EQ(reader.answer_of(*interface.find("memory.max")), Answer::given);
  EXPECT_EQ(poll(report + 1).at("cgroup_memory_limit_bytes/1"), 600U) << "the watcher told";
}

TEST_F(ReaderKeptTest, ShowsTheSameFromWhatIsKept) {
  const auto first = poll();
  EXPECT_FALSE(first.empty());
  EXPECT_EQ(poll(), first);
}

TEST_F(ReaderKeptTest, ALimitThatBindsADescendantIsKeptToo) {
  hides_a = true;
  files.write("b/memory.max", "max\n");
  EXPECT_EQ(poll().at("cgroup_memory_effective_limit_bytes/0"), 1000U);
  files.write("a/memory.max", "900\n");
  EXPECT_EQ(poll().at("cgroup_memory_effective_limit_bytes/0"), 1000U);
  EXPECT_EQ(poll(report + 1).at("cgroup_memory_effective_limit_bytes/0"), 900U);
  hides_a = false;
  EXPECT_EQ(poll().at("cgroup_memory_limit_bytes/0"), 900U) << "shown from now on";
}

TEST_F(ReaderKeptTest, AFaultyFileIsReadAndReportedInEachPoll) {
  files.write("b/memory.max", "rubbish\n");
  for (const std::uint64_t times : {1U, 2U, 3U}) {
    EXPECT_FALSE(poll().contains("cgroup_memory_effective_limit_bytes/1"));
    EXPECT_TRUE(outcomes[index(catalog::Collector::memory)].has_failed);
    EXPECT_EQ(test::total(errors), times);
  }
  files.write("b/memory.max", "700\n");
  EXPECT_EQ(poll().at("cgroup_memory_limit_bytes/1"), 700U);
}

TEST_F(ReaderKeptTest, AnotherSelectionReadsAllAgain) {
  (void)poll();
  files.write("b/memory.max", "600\n");
  reader.select({CollectorSet().set(), {}});
  EXPECT_EQ(poll().at("cgroup_memory_limit_bytes/1"), 600U);
}

TEST_F(ReaderKeptTest, WithoutAWatcherAllIsReadAlways) {
  (void)poll(CgroupToRead::never);
  files.write("b/memory.max", "600\n");
  EXPECT_EQ(poll(CgroupToRead::never).at("cgroup_memory_limit_bytes/1"), 600U);
}

constexpr const char* no_swap = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";

TEST_F(ReaderKeptTest, UseOfSwapIsReadOnlyWhileTheHostHasSomeSwap) {
  files.write("b/memory.swap.current", "0\n");
  files.write("proc/swaps", no_swap);
  EXPECT_EQ(poll().at("cgroup_memory_swap_usage_bytes/1"), 0U);
  files.write("b/memory.swap.current", "4096\n");
  EXPECT_EQ(poll().at("cgroup_memory_swap_usage_bytes/1"), 0U) << "kept";
  files.write("proc/swaps", no_swap + std::string("/swapfile file 1048572 0 -2\n"));
  EXPECT_EQ(poll().at("cgroup_memory_swap_usage_bytes/1"), 4096U);
  files.write("b/memory.swap.current", "8192\n");
  EXPECT_EQ(poll().at("cgroup_memory_swap_usage_bytes/1"), 8192U);
  files.write("proc/swaps", no_swap);
  files.write("b/memory.swap.current", "0\n");
  EXPECT_EQ(poll().at("cgroup_memory_swap_usage_bytes/1"), 0U) << "swapoff has brought all back";
  EXPECT_EQ(poll().at("cgroup_memory_swap_usage_bytes/1"), 0U);
  EXPECT_EQ(reader.cold_file_misses()[catalog::file_index("memory.swap.current")], 0U);
}

TEST_F(ReaderKeptTest, UseOfSwapIsReadWhereNobodySaysWhetherThereIsSome) {
  for (const char* const swaps : {"", "rubbish\n", "Filename"}) {
    files.write("proc/swaps", swaps);
    for (const std::uint64_t use : {4096U, 8192U}) {
      files.write("b/memory.swap.current", std::to_string(use) + "\n");
      EXPECT_EQ(poll().at("cgroup_memory_swap_usage_bytes/1"), use) << swaps;
    }
  }
}

TEST_F(ReaderKeptTest, CountsWhatWasShownWronglyWithinTwentyPolls) {
  (void)poll();
  files.write("b/memory.max", "600\n");
  for (int polls = 0; polls < 21; ++polls) (void)poll();
  EXPECT_EQ(poll().at("cgroup_memory_limit_bytes/1"), 600U);
  EXPECT_EQ(reader.cold_file_misses()[catalog::file_index("memory.max")], 1U);
  EXPECT_EQ(reader.cold_file_misses()[catalog::file_index("cpuset.cpus")], 0U);
}

TEST_F(ReaderKeptTest, FilesThatSomebodyElseReadAreNotReadAgain) {
  files.write("a/memory.events", "low 1\nhigh 0\nmax 0\noom 0\noom_kill 0\n");
  texts = {{*interface.find("memory.events"), "low 7\nhigh 0\nmax 0\noom 0\noom_kill 0\n"}};
  const auto shown = poll();
  EXPECT_EQ(shown.at("cgroup_memory_events_total/low/0"), 7U);
  EXPECT_EQ(reader.answer_of(*interface.find("memory.events")), Answer::given);
}

}  // namespace
}  // namespace cgroup2::cgroup
