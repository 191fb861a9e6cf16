// SPDX-License-Identifier: Apache-2.0
#include "cgroup/reader.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <map>
#include <string>

#include "support/log.h"
#include "support/read_errors.h"
#include "support/tree.h"

namespace cgroup2::cgroup {
namespace {

// Reads the cgroups named, each below the one named before it, and finds samples by metric name and
// label.
class ReaderTest : public ::testing::Test {
 protected:
  void read(const std::vector<const char*>& path = {"a"},
            const Selection& selection = everything()) {
    std::vector<base::Dir> dirs;
    std::vector<std::vector<FileId>> lists;
    dirs.reserve(path.size());
    lists.reserve(path.size());
    std::vector<CgroupToRead> cgroups;
    for (const char* name : path) {
      dirs.push_back(*base::Dir::open(files.path(name)));
      lists.push_back(list(dirs.back()));
      const std::size_t parent = cgroups.empty() ? CgroupToRead::no_parent : cgroups.size() - 1;
      const CgroupIndex index = hidden == name ? no_cgroup : next_index++;
      const bool has_children = cgroups.size() + 1 < path.size();
      cgroups.push_back({.dir = &dirs.back(),
                         .files = lists.back(),
                         .path = name,
                         .parent = parent,
                         .index = index,
                         .has_children = has_children});
    }
    // Plans live on from read to read as they do from poll to poll.
    if (selection.enabled != selected || selection.narrowed != narrowed) reader.select(selection);
    selected = selection.enabled;
    narrowed = selection.narrowed;
    read(cgroups);
    next_index = 0;
  }

  void read(std::span<const CgroupToRead> cgroups) {
    columns = {};
    outcomes = {};
    char buffer[256];
    const auto controllers = cgroups.front().dir->read_at("cgroup.controllers", buffer);
    reader.read(cgroups, controllers ? std::optional(*controllers) : std::nullopt, columns,
                outcomes);
  }

  std::vector<FileId> list(const base::Dir& dir) {
    std::vector<FileId> found;
    static_cast<void>(dir.list([&](const base::DirEntry& entry) {
      const auto file = entry.is_directory ? std::nullopt : interface.find(entry.name);
      if (file) found.push_back(*file);
    }));
    return found;
  }

  static Selection everything() { return {CollectorSet().set(), {}}; }

  static Selection only(catalog::Collector collector) {
    return {CollectorSet().set(index(collector)), {}};
  }

  // Samples of a metric as "cgroup/label" or "cgroup/label/label" -> value.
  std::map<std::string, std::uint64_t> samples(std::string_view metric) {
    std::map<std::string, std::uint64_t> found;
    for (std::size_t i = 0; i < catalog::metric_count; ++i) {
      if (catalog::metrics[i].name != metric) continue;
      for (const Sample& sample : columns.columns[i]) {
        std::string name = std::to_string(sample.cgroup) + "/";
        for (std::size_t at = 0; at < 2 && sample.labels[at] != no_label; ++at)
          name += (at == 0 ? "" : "/") + (*reader.labels())[sample.labels[at]];
        EXPECT_TRUE(found.emplace(name, sample.bits).second) << metric << " twice";
      }
    }
    return found;
  }

  std::uint64_t errors_of(const std::string& file, const std::string& reason) {
    const auto found = errors.counts().find({file, reason});
    return found == errors.counts().end() ? 0 : found->second;
  }

  // System calls of this thread that read, by /proc/thread-self/io (proc_pid_io(5)).
  static std::uint64_t reads_of_this_thread() {
    std::ifstream io("/proc/thread-self/io");
    std::string key;
    std::uint64_t value = 0;
    while (io >> key >> value) {
      if (key == "syscr:") return value;
    }
    ADD_FAILURE() << "this kernel does not count system calls";
    return 0;
  }

  // How many of them one look costs.
  static std::uint64_t reads_of_this_thread_cost() {
    const std::uint64_t first = reads_of_this_thread();
    return reads_of_this_thread() - first;
  }

  using Samples = std::map<std::string, std::uint64_t>;

  test::Tree files{{"a/cgroup.events", "populated 0\nfrozen 0\n"},  // so that it is not the root
                   {"slice/cgroup.events", "populated 0\nfrozen 0\n"},
                   {"proc/meminfo", "MemTotal: 1048576 kB\nMemFree: 1024 kB\n"},
                   {"sys/", ""}};
  test::RecordingLog log;
  base::ReadErrors errors{log};
  Interface interface;
  Reader reader{interface, *base::Dir::open(files.path("proc")),
                *base::Dir::open(files.path("sys")), errors};
  Columns columns;
  Outcomes outcomes{};
  CollectorSet selected;
  catalog::MetricSet narrowed;
  std::string hidden;
  CgroupIndex next_index = 0;
};

TEST_F(ReaderTest, AbsentFilesGiveNothingAndNoError) {
  files.remove("a/cgroup.events");
  files.write("a/cgroup.kill", "");
  read();
  for (const auto& column : columns.columns) EXPECT_TRUE(column.empty());
  EXPECT_EQ(test::total(errors), 0U);
  EXPECT_TRUE(log.lines().empty());
}

TEST_F(ReaderTest, BadFilesGiveNoSampleAndAreCountedByReason) {
  const struct {
    const char* file;
    std::string content;
    const char* reason;
  } rows[] = {
      {"memory.current", "", "empty"},
      {"memory.peak", "max\n", "malformed"},
      {"memory.high", "12", "truncated"},
      {"memory.low", "-5\n", "malformed"},
      {"memory.min", "99999999999999999999\n", "malformed"},
      {"memory.oom.group", std::string("\0\1\2", 3) + "\n", "malformed"},
      {"pids.current", std::string(300'000, '1') + "\n", "EFBIG"},
      {"cpu.max", "max\n", "malformed"},
      {"memory.events", "", "empty"},
      {"cpu.pressure", "some avg10=0.00 total=-1\n", "malformed"},
  };
  for (const auto& row : rows) files.write(std::string("a/") + row.file, row.content);
  files.write("a/pids.peak", "7\n");
  read();
  for (const auto& row : rows) EXPECT_EQ(errors_of(row.file, row.reason), 1U) << row.file;
  EXPECT_EQ(test::total(errors), std::size(rows));
  EXPECT_EQ(samples("cgroup_pids_peak"), (Samples{{"0/", 7}}));
  for (const char* metric :
       {"cgroup_memory_usage_bytes", "cgroup_memory_peak_bytes", "cgroup_memory_high_bytes",
        "cgroup_memory_low_bytes", "cgroup_memory_min_bytes", "cgroup_memory_oom_group",
        "cgroup_pids", "cgroup_cpu_limit_cores", "cgroup_memory_events_total",
        "cgroup_cpu_pressure_waiting_seconds_total"}) {
    EXPECT_EQ(samples(metric), Samples{}) << metric;
  }
  EXPECT_TRUE(outcomes[index(catalog::Collector::memory)].has_failed);
  EXPECT_FALSE(outcomes[index(catalog::Collector::io)].has_failed);
}

TEST_F(ReaderTest, ALastingErrorIsLoggedOnce) {
  files.write("a/memory.current", "x\n");
  read();
  read();
  EXPECT_EQ(errors_of("memory.current", "malformed"), 2U);
  EXPECT_EQ(log.lines().size(), 1U);
}

TEST_F(ReaderTest, FilesOfOtherKindsAreNotRead) {
  ASSERT_EQ(::mkfifo(files.path("a/memory.peak").c_str(), 0600), 0);
  files.link("a/pids.current", "../secret");
  files.write("secret", "1\n");
  read();
  EXPECT_EQ(errors_of("memory.peak", "empty"), 1U);
  EXPECT_EQ(errors_of("pids.current", "ELOOP"), 1U);
  EXPECT_EQ(samples("cgroup_pids"), Samples{});
}

TEST_F(ReaderTest, MaxIsAbsentAndNoError) {
  files.write("a/memory.max", "max\n");
  files.write("a/pids.max", "max\n");
  files.write("a/cpu.max", "max 100000\n");
  read();
  EXPECT_EQ(samples("cgroup_memory_limit_bytes"), Samples{});
  EXPECT_EQ(samples("cgroup_pids_limit"), Samples{});
  EXPECT_EQ(samples("cgroup_cpu_limit_cores"), Samples{});
  EXPECT_EQ(test::total(errors), 0U);
}

TEST_F(ReaderTest, CpuLimitIsQuotaOverPeriod) {
  files.write("a/cpu.max", "150000 100000\n");
  read();
  EXPECT_EQ(samples("cgroup_cpu_limit_cores"), (Samples{{"0/", to_bits(1.5)}}));
}

TEST_F(ReaderTest, FlatKeysGoToTheirMetricsWhateverTheirOrder) {
  files.write("a/cpu.stat", "system_usec 3\nfuture_usec 9\nusage_usec 5\nuser_usec 2\n");
  files.write("b/cpu.stat", "usage_usec 50\nuser_usec 20\nsystem_usec 30\n");
  read({"a", "b"});
  EXPECT_EQ(samples("cgroup_cpu_usage_seconds_total"), (Samples{{"0/", 5}, {"1/", 50}}));
  EXPECT_EQ(samples("cgroup_cpu_user_seconds_total"), (Samples{{"0/", 2}, {"1/", 20}}));
  EXPECT_EQ(samples("cgroup_cpu_system_seconds_total"), (Samples{{"0/", 3}, {"1/", 30}}));
  EXPECT_EQ(test::total(errors), 0U);
}

TEST_F(ReaderTest, OneBadKeyCostsOnlyItself) {
  files.write("a/cpu.stat", "usage_usec 5\nuser_usec -2\nsystem_usec 3\n");
  read();
  EXPECT_EQ(samples("cgroup_cpu_usage_seconds_total"), (Samples{{"0/", 5}}));
  EXPECT_EQ(samples("cgroup_cpu_user_seconds_total"), Samples{});
  EXPECT_EQ(samples("cgroup_cpu_system_seconds_total"), (Samples{{"0/", 3}}));
  EXPECT_EQ(errors_of("cpu.stat", "malformed"), 1U);
}

TEST_F(ReaderTest, PeriodsGoOnCountingWhenTheKernelsIntIsNegative) {
  files.write("a/cpu.stat", "usage_usec -5\nnr_periods -2147483648\nnr_throttled 7\n");
  read();
  EXPECT_EQ(samples("cgroup_cpu_periods_total"), (Samples{{"0/", std::uint64_t{1} << 31}}));
  EXPECT_EQ(samples("cgroup_cpu_throttled_periods_total"), (Samples{{"0/", 7}}));
  EXPECT_EQ(samples("cgroup_cpu_usage_seconds_total"), Samples{});
  EXPECT_EQ(errors_of("cpu.stat", "malformed"), 1U);
}

TEST_F(ReaderTest, ARepeatedKeyCountsOnce) {
  files.write("a/memory.events", "oom_kill 3\noom_kill 4\n");
  read();
  EXPECT_EQ(samples("cgroup_memory_oom_kills_total"), (Samples{{"0/", 3}}));
  EXPECT_EQ(samples("cgroup_memory_events_total"), (Samples{{"0/oom_kill", 3}}));
  EXPECT_EQ(errors_of("memory.events", "duplicate"), 1U);
}

TEST_F(ReaderTest, OomKillsAreZeroFromTheFirstPollOn) {
  files.write("a/memory.events", "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\n");
  read();
  EXPECT_EQ(samples("cgroup_memory_oom_kills_total"), (Samples{{"0/", 0}}));
}

TEST_F(ReaderTest, MemoryStatIsSplitByKindOfKey) {
  files.write("a/memory.stat", "anon 4096\npgfault 12\nnew_in_7_9 3\n");
  read();
  EXPECT_EQ(samples("cgroup_memory_stat_bytes"), (Samples{{"0/anon", 4096}}));
  EXPECT_EQ(samples("cgroup_memory_stat_events_total"), (Samples{{"0/pgfault", 12}}));
  EXPECT_EQ(samples("cgroup_memory_stat_other"), (Samples{{"0/new_in_7_9", 3}}));
}

TEST_F(ReaderTest, DevicesGetTheirNamesFromSysfs) {
  files.write("sys/dev/block/254:0/uevent", "MAJOR=254\nMINOR=0\nDEVNAME=vda\nDEVTYPE=disk\n");
  files.write("a/io.stat",
              "7:0 \n254:0 rbytes=1024 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n8:0 "
              "rbytes=7\n(unknown) rbytes=8\n");
  read();
  EXPECT_EQ(samples("cgroup_io_read_bytes_total"),
            (Samples{{"0/vda", 1024}, {"0/8:0", 7}, {"0/(unknown)", 8}}));
  EXPECT_EQ(samples("cgroup_io_discards_total"), (Samples{{"0/vda", 6}}));
  EXPECT_EQ(test::total(errors), 0U);
}

TEST_F(ReaderTest, ADeviceNumberMayBecomeAnotherDevice) {
  files.write("a/io.stat", "254:0 rbytes=1\n");
  files.write("sys/dev/block/254:0/uevent", "DEVNAME=dm-0\n");
  read();
  files.write("sys/dev/block/254:0/uevent", "DEVNAME=dm-1\n");
  read();
  EXPECT_EQ(samples("cgroup_io_read_bytes_total"), (Samples{{"0/dm-1", 1}}));
}

TEST_F(ReaderTest, ARepeatedMemberCountsOnce) {
  files.write("a/io.stat", "8:0 rbytes=1 rbytes=2\n");
  read();
  EXPECT_EQ(samples("cgroup_io_read_bytes_total"), (Samples{{"0/8:0", 1}}));
  EXPECT_EQ(errors_of("io.stat", "duplicate"), 1U);
}

TEST_F(ReaderTest, DevicesOfOneNameAreAddedUpInEachCgroup) {
  files.write("sys/dev/block/259:0/uevent", "DEVNAME=nvme0n1\n");
  files.write("sys/dev/block/259:1/uevent", "DEVNAME=nvme0n1\n");
  files.write("a/io.stat", "259:0 rbytes=1\n8:0 rbytes=2\n259:1 rbytes=4\n");
  files.write("b/io.stat", "259:1 rbytes=8\n259:0 rbytes=16\n");
  read({"a", "b"});
  EXPECT_EQ(samples("cgroup_io_read_bytes_total"),
            (Samples{{"0/nvme0n1", 5}, {"0/8:0", 2}, {"1/nvme0n1", 24}}));
  EXPECT_EQ(test::total(errors), 0U);
}

TEST_F(ReaderTest, AnEmptyIoStatIsNoError) {
  files.write("a/io.stat", "");
  read();
  EXPECT_EQ(test::total(errors), 0U);
}

TEST_F(ReaderTest, PressureTotalsAreTakenByTheirLine) {
  files.write("a/memory.pressure",
              "some avg10=1.50 avg60=0.00 avg300=0.00 total=12\nfull avg10=0.00 avg60=0.00 "
              "avg300=0.00 total=7\n");
  files.write("a/irq.pressure", "full avg10=0.00 avg60=0.00 avg300=0.00 total=5\n");
  files.write("a/cpu.pressure", "some avg10=0.00 avg60=0.00 avg300=0.00 total=9\n");
  read();
  EXPECT_EQ(samples("cgroup_memory_pressure_waiting_seconds_total"), (Samples{{"0/", 12}}));
  EXPECT_EQ(samples("cgroup_memory_pressure_stalled_seconds_total"), (Samples{{"0/", 7}}));
  EXPECT_EQ(samples("cgroup_irq_pressure_stalled_seconds_total"), (Samples{{"0/", 5}}));
  EXPECT_EQ(samples("cgroup_cpu_pressure_waiting_seconds_total"), (Samples{{"0/", 9}}));
  EXPECT_EQ(samples("cgroup_cpu_pressure_stalled_seconds_total"), Samples{});
}

TEST_F(ReaderTest, ADisabledCollectorReadsNothing) {
  files.write("a/memory.current", "broken");
  files.write("a/pids.current", "3\n");
  read({"a"}, only(catalog::Collector::pids));
  EXPECT_EQ(test::total(errors), 0U);
  EXPECT_EQ(samples("cgroup_pids"), (Samples{{"0/", 3}}));
}

TEST_F(ReaderTest, AFileOfParentsIsReadOfThemAlone) {
  files.write("a/cgroup.stat", "nr_descendants 1\n");
  files.write("b/cgroup.stat", "nr_descendants 0\n");
  read({"a", "b"});
  EXPECT_EQ(samples("cgroup_descendants"), (Samples{{"0/", 1}, {"1/", 0}}));
  auto selection = only(catalog::Collector::cgroup);
  selection.narrowed.set();
  read({"a", "b"}, selection);
  EXPECT_EQ(samples("cgroup_descendants"), (Samples{{"0/", 1}}));
}

TEST_F(ReaderTest, EveryFileIsReadOnceByOneCall) {
  for (const char* file :
       {"memory.current", "memory.max", "memory.peak", "pids.current", "pids.max"})
    files.write(std::string("a/") + file, "7\n");
  files.write("a/cpu.stat", "usage_usec 5\n");
  read();  // plans are made once
  const std::uint64_t before = reads_of_this_thread();
  read();
  const std::uint64_t calls = reads_of_this_thread() - before - reads_of_this_thread_cost();
  // These six and cgroup.events; two for /proc/meminfo, which is read to its end. The test's own
  // look for cgroup.controllers finds none.
  EXPECT_EQ(calls, 9U);
}

TEST_F(ReaderTest, ColumnsHaveRoomForWhatTheLastReadGave) {
  files.write("a/memory.events", "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\n");
  const auto at = catalog::metric_index("cgroup_memory_events_total");
  read();
  EXPECT_EQ(columns.columns[at].capacity(), 5U) << "not what it grew by";
  files.write("a/memory.events", "low 0\n");
  read();
  EXPECT_EQ(columns.columns[at].size(), 1U);
  EXPECT_EQ(columns.columns[at].capacity(), 5U);
  read();
  EXPECT_EQ(columns.columns[at].capacity(), 1U) << "no more than that";
}

TEST_F(ReaderTest, AFileThatTheDirectoryDoesNotListIsNotOpened) {
  files.write("a/memory.current", "7\n");
  const auto dir = *base::Dir::open(files.path("a"));
  const CgroupToRead subject{&dir, {}, "/a", CgroupToRead::no_parent, 0};
  reader.select(everything());
  read(std::span(&subject, 1));
  EXPECT_EQ(samples("cgroup_memory_usage_bytes"), Samples{});
}

TEST_F(ReaderTest, AFileThatADirectoryListsTwiceIsReadOnce) {
  for (const char* name : {"a", "b"}) {
    files.write(std::string(name) + "/memory.current", "7\n");
    files.write(std::string(name) + "/pids.current", "3\n");
  }
  const auto a = *base::Dir::open(files.path("a"));
  const auto b = *base::Dir::open(files.path("b"));
  auto twice = list(a);
  for (const FileId file : list(a)) twice.push_back(file);
  auto once = list(b);
  const CgroupToRead cgroups[] = {{&a, twice, "/a", CgroupToRead::no_parent, 0},
                                  {&b, once, "/b", 0, 1}};
  reader.select(everything());
  read(cgroups);
  EXPECT_EQ(samples("cgroup_memory_usage_bytes"), (Samples{{"0/", 7}, {"1/", 7}}));
  EXPECT_EQ(samples("cgroup_pids"), (Samples{{"0/", 3}, {"1/", 3}}));
}

TEST_F(ReaderTest, OneFileServesTwoCollectors) {
  files.write("a/cgroup.stat", "nr_descendants 3\nnr_subsys_cpu 4\nnr_dying_subsys_cpu 1\n");
  read({"a"}, only(catalog::Collector::cgroup));
  EXPECT_EQ(samples("cgroup_descendants"), (Samples{{"0/", 3}}));
  EXPECT_EQ(samples("cgroup_subsystem_cgroups"), Samples{});
  read();
  EXPECT_EQ(samples("cgroup_descendants"), (Samples{{"0/", 3}}));
  EXPECT_EQ(samples("cgroup_subsystem_cgroups"), (Samples{{"0/cpu", 4}}));
  EXPECT_EQ(samples("cgroup_subsystem_dying_cgroups"), (Samples{{"0/cpu", 1}}));
}

TEST_F(ReaderTest, AFaultConcernsEveryCollectorOfTheFile) {
  files.write("a/cgroup.stat", "nr_descendants x\n");
  read();
  EXPECT_TRUE(outcomes[index(catalog::Collector::cgroup)].has_failed);
  EXPECT_TRUE(outcomes[index(catalog::Collector::cgroup_subsystems)].has_failed);
  EXPECT_FALSE(outcomes[index(catalog::Collector::cgroup_control)].has_failed);
}

TEST_F(ReaderTest, ACollectorFailsForMoreThanATenthOfItsCgroups) {
  const std::vector<const char*> names{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j",
                                       "k", "l", "m", "n", "o", "p", "q", "r", "s", "t"};
  for (const char* name : names) files.write(std::string(name) + "/memory.max", "max\n");
  const std::pair<const char*, bool> bad[] = {{"c", false}, {"e", false}, {"h", true}};
  for (const auto& [name, has_failed] : bad) {
    files.write(std::string(name) + "/memory.max", "odd\n");
    read(names);
    EXPECT_EQ(outcomes[index(catalog::Collector::memory)].has_failed, has_failed) << name;
  }
  EXPECT_EQ(errors_of("memory.max", "malformed"), 1U + 2U + 3U);
}

TEST_F(ReaderTest, ALineThatCostsItsOwnValueFailsNoCollector) {
  files.write("a/memory.stat", "anon 1\nfile 2 pages\nshmem\nkernel x\n");
  files.write("a/cpu.max", "max 100000 0\n");
  read();
  EXPECT_EQ(samples("cgroup_memory_stat_bytes"), (Samples{{"0/anon", 1}, {"0/file", 2}}));
  EXPECT_EQ(errors_of("memory.stat", "malformed"), 1U);
  EXPECT_EQ(test::total(errors), 1U);
  EXPECT_FALSE(outcomes[index(catalog::Collector::memory_stat)].has_failed);
}

TEST_F(ReaderTest, HugePagesAreReadBySizeInTheOrderOfTheCatalog) {
  files.write("a/hugetlb.2MB.max", "9223372036854771712\n");
  files.write("a/hugetlb.2MB.current", "2097152\n");
  files.write("a/hugetlb.1GB.current", "0\n");
  files.write("a/hugetlb.1GB.max", "1073741824\n");
  files.write("a/hugetlb.1GB.events", "max 3\n");
  files.write("a/hugetlb.2MB.max.d", "garbage");
  read();
  EXPECT_EQ(samples("cgroup_hugetlb_usage_bytes"), (Samples{{"0/1GB", 0}, {"0/2MB", 2097152}}));
  EXPECT_EQ(samples("cgroup_hugetlb_limit_bytes"), (Samples{{"0/1GB", 1073741824}}));
  EXPECT_EQ(samples("cgroup_hugetlb_events_total"), (Samples{{"0/1GB/max", 3}}));
  EXPECT_EQ(test::total(errors), 0U);
  const auto& column = columns.columns[catalog::metric_index("cgroup_hugetlb_usage_bytes")];
  EXPECT_EQ((*reader.labels())[column.front().labels[0]], "1GB");
}

TEST_F(ReaderTest, TheRootGetsFromProcWhatItLacks) {
  files.write("root/cgroup.controllers", "memory\n");
  files.write("root/memory.stat", "inactive_file 1048576\nactive_file 0\nslab_reclaimable 0\n");
  read({"root", "a"});
  const std::uint64_t usage = std::uint64_t{1048576 - 1024} * 1024;
  EXPECT_EQ(samples("cgroup_memory_usage_bytes"), (Samples{{"0/", usage}}));
  EXPECT_EQ(samples("cgroup_memory_working_set_bytes"), (Samples{{"0/", usage - 1048576}}));
  EXPECT_EQ(samples("cgroup_memory_effective_limit_bytes"),
            (Samples{{"0/", std::uint64_t{1} << 30}}));
}

TEST_F(ReaderTest, ARootThatCouldNotBeListedIsNotTakenForTheHost) {
  files.write("root/cgroup.controllers", "memory\n");
  const auto root = *base::Dir::open(files.path("root"));
  const CgroupToRead subject{&root, {}, "/", CgroupToRead::no_parent, 0};
  reader.select(everything());
  read(std::span(&subject, 1));
  EXPECT_EQ(samples("cgroup_memory_usage_bytes"), Samples{});
}

TEST_F(ReaderTest, ACollectorFailsWithWhatTheRootTakesFromProc) {
  files.write("root/cgroup.controllers", "memory\n");
  files.write("proc/vmstat", "oom_kill x\n");
  read({"root", "a"});
  EXPECT_TRUE(outcomes[index(catalog::Collector::memory)].has_failed);
  EXPECT_FALSE(outcomes[index(catalog::Collector::memory_swap)].has_failed);
  EXPECT_FALSE(outcomes[index(catalog::Collector::pressure)].has_failed);
}

TEST_F(ReaderTest, WithoutTheHostsMemoryTheEffectiveLimitFails) {
  files.remove("proc/meminfo");
  files.write("a/memory.current", "100\n");
  read();
  EXPECT_EQ(samples("cgroup_memory_effective_limit_bytes"), Samples{});
  EXPECT_TRUE(outcomes[index(catalog::Collector::memory)].has_failed);
  EXPECT_FALSE(outcomes[index(catalog::Collector::memory_stat)].has_failed);
}

TEST_F(ReaderTest, TheRootOfANamespaceIsNotTheHost) {
  files.write("a/cgroup.controllers", "memory\n");
  read({"a"});
  EXPECT_EQ(samples("cgroup_memory_usage_bytes"), Samples{});
}

TEST_F(ReaderTest, ForgetsLabelsThatAreNotSeenAnyMore) {
  for (int round = 0; round < 3; ++round) {
    std::string stat;
    for (int i = 0; i < 3000; ++i)
      stat += "key_" + std::to_string(round) + "_" + std::to_string(i) + " 1\n";
    files.write("a/memory.stat", stat);
    read();
    EXPECT_EQ(samples("cgroup_memory_stat_other").size(), 3000U);
  }
  EXPECT_EQ(test::total(errors), 0U);
}

TEST_F(ReaderTest, PlansStayRightAsFilesAppear) {
  files.write("a/memory.events", "oom 1\noom_kill 2\n");
  read();
  for (const char* file : {"pids.events", "pids.events.local", "memory.swap.events"})
    files.write(std::string("a/") + file, "max 3\n");
  files.write("a/cgroup.stat", "nr_descendants 4\nnr_subsys_cpu 5\n");
  for (const char* size : {"64KB", "2MB", "32MB", "1GB"})
    files.write(std::string("a/hugetlb.") + size + ".events", "max 6\n");
  read();
  EXPECT_EQ(samples("cgroup_memory_events_total"), (Samples{{"0/oom", 1}, {"0/oom_kill", 2}}));
  EXPECT_EQ(samples("cgroup_pids_events_total"), (Samples{{"0/max", 3}}));
  EXPECT_EQ(samples("cgroup_subsystem_cgroups"), (Samples{{"0/cpu", 5}}));
  EXPECT_EQ(samples("cgroup_hugetlb_events_total").size(), 4U);
  EXPECT_EQ(test::total(errors), 0U);
}

TEST_F(ReaderTest, AnEarlierSnapshotKeepsItsLabels) {
  files.write("a/pids.events", "max 1\n");
  read();
  const auto before = reader.labels();
  const auto label =
      columns.columns[catalog::metric_index("cgroup_pids_events_total")].front().labels[0];
  std::string stat;
  for (int i = 0; i < 5000; ++i) stat += "key_" + std::to_string(i) + " 1\n";
  files.write("a/memory.stat", stat);
  read();
  read();
  EXPECT_EQ(before->at(label), "max");
}

TEST_F(ReaderTest, LimitsOfAnAncestorThatIsNotExportedBindAllTheSame) {
  files.write("slice/memory.max", "1000\n");
  files.write("slice/memory.current", "600\n");
  files.write("slice/pids.current", "broken");
  files.write("a/memory.max", "max\n");
  files.write("a/memory.current", "100\n");
  hidden = "slice";
  read({"slice", "a"});
  EXPECT_EQ(samples("cgroup_memory_usage_bytes"), (Samples{{"0/", 100}}));
  EXPECT_EQ(samples("cgroup_memory_effective_limit_bytes"), (Samples{{"0/", 1000}}));
  EXPECT_EQ(samples("cgroup_memory_headroom_bytes"), (Samples{{"0/", 400}}));
  EXPECT_EQ(test::total(errors), 0U);
}

TEST_F(ReaderTest, TheCpuLimitOfAnAncestorBinds) {
  files.write("root/cgroup.controllers", "cpuset cpu\n");
  files.write("sys/devices/system/cpu/online", "0-15\n");
  files.write("slice/cpu.max", "200000 100000\n");
  files.write("a/cpu.max", "max 100000\n");
  files.write("b/cpu.max", "50000 100000\n");
  hidden = "slice";
  read({"root", "slice", "a", "b"}, only(catalog::Collector::cpu));
  EXPECT_EQ(samples("cgroup_cpu_effective_limit_cores"),
            (Samples{{"0/", to_bits(16)}, {"1/", to_bits(2)}, {"2/", to_bits(0.5)}}));
}

TEST_F(ReaderTest, CpusThatMayBeUsedAreReadOnlyWhereSomeWereAskedFor) {
  files.write("root/cgroup.controllers", "cpuset cpu\n");
  files.write("root/cpuset.cpus.effective", "0-7\n");
  files.write("slice/cpuset.cpus", "0-3\n");
  files.write("slice/cpuset.cpus.effective", "0-2\n");
  files.write("a/cpuset.cpus", "\n");
  files.write("a/cpuset.cpus.effective", "broken\n");
  read({"root", "slice", "a"}, only(catalog::Collector::cpu));
  EXPECT_EQ(samples("cgroup_cpu_effective_limit_cores"),
            (Samples{{"0/", to_bits(8)}, {"1/", to_bits(3)}, {"2/", to_bits(3)}}));
  EXPECT_EQ(test::total(errors), 0U);
}

TEST_F(ReaderTest, WithoutTheCpuControllerThereIsNoEffectiveLimit) {
  files.write("root/cgroup.controllers", "memory\n");
  files.write("root/cpuset.cpus.effective", "0-7\n");
  read({"root"}, only(catalog::Collector::cpu));
  EXPECT_EQ(samples("cgroup_cpu_effective_limit_cores"), Samples{});
}

TEST_F(ReaderTest, AnUnreadableLimitMakesTheEffectiveOneUnknown) {
  files.write("slice/memory.max", "garbage\n");
  files.write("slice/memory.current", "600\n");
  files.write("a/memory.max", "5000\n");
  files.write("a/memory.current", "100\n");
  read({"slice", "a"});
  EXPECT_EQ(samples("cgroup_memory_effective_limit_bytes"), Samples{});
  EXPECT_EQ(samples("cgroup_memory_limit_bytes"), (Samples{{"1/", 5000}}));
}

TEST_F(ReaderTest, ABadMemoryStatCostsOnlyWhatIsDerivedOfTheBadKey) {
  files.write("a/memory.current", "100\n");
  files.write("a/memory.stat", "anon 1\ninactive_file 30\nactive_file x\nslab_reclaimable 2\n");
  read();
  EXPECT_EQ(samples("cgroup_memory_working_set_bytes"), (Samples{{"0/", 70}}));
  EXPECT_EQ(samples("cgroup_memory_unreclaimable_bytes"), Samples{});
}

TEST_F(ReaderTest, AHostileNumberOfKeysIsBounded) {
  std::string stat;
  for (int i = 0; i < 9000; ++i) stat += "key_" + std::to_string(i) + " 1\n";
  files.write("a/memory.stat", stat);
  files.write("a/pids.current", "3\n");
  read();
  EXPECT_EQ(errors_of("memory.stat", "too_many_keys"), 1U);
  EXPECT_EQ(reader.labels()->size(), 8192U);
  EXPECT_EQ(samples("cgroup_pids"), (Samples{{"0/", 3}}));
}

TEST_F(ReaderTest, ACgroupThatVanishedIsNoError) {
  files.write("gone/cgroup.events", "populated 0\n");
  files.write("gone/memory.current", "1\n");
  const auto dir = *base::Dir::open(files.path("gone"));
  auto listed = list(dir);
  files.remove("gone");
  const CgroupToRead subject{&dir, listed, "/gone", CgroupToRead::no_parent, 0};
  reader.select(everything());
  read(std::span(&subject, 1));
  EXPECT_EQ(test::total(errors), 0U);
}

}  // namespace
}  // namespace cgroup2::cgroup
