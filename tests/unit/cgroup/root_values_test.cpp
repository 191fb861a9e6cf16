// SPDX-License-Identifier: Apache-2.0
#include "cgroup/root_values.h"

#include <gtest/gtest.h>

#include "support/log.h"
#include "support/read_errors.h"
#include "support/tree.h"

namespace cgroup2::cgroup {
namespace {

TEST(ProcValue, RefusesWhatIsNoValue) {
  const struct {
    const char* text;
    const char* key;
    const char* member;
  } rows[] = {
      {"MemTotal:\n", "MemTotal", ""},      {"MemTotal: x kB\n", "MemTotal", ""},
      {"MemTotal: 1 MB\n", "MemTotal", ""}, {"MemTotal: 18446744073709551615 kB\n", "MemTotal", ""},
      {"oom_kill -1\n", "oom_kill", ""},    {"some total=x\n", "some", "total"},
      {"some =1\n", "some", "total"},
  };
  for (const auto& row : rows) {
    const auto value = parse_proc_value(row.text, row.key, row.member);
    EXPECT_EQ(value.fault, Fault::malformed) << row.text;
    EXPECT_EQ(value.number, std::nullopt) << row.text;
  }
}

TEST(ProcValue, HasNoFaultWithoutTheKey) {
  for (const char* text : {"", "\n", "MemFree: 1 kB\n", "oom 1\n"}) {
    EXPECT_EQ(parse_proc_value(text, "oom_kill", "").fault, Fault::none) << text;
    EXPECT_EQ(parse_proc_value(text, "oom_kill", "").number, std::nullopt) << text;
  }
}

TEST(ProcValue, ReadsTheThreeForms) {
  EXPECT_EQ(parse_proc_value("MemTotal:        1009464 kB\n", "MemTotal", "").number,
            1009464U * 1024);
  EXPECT_EQ(parse_proc_value("oom 1\noom_kill 3\n", "oom_kill", "").number, 3U);
  EXPECT_EQ(parse_proc_value("some avg10=0.00 total=5\nfull avg10=1.00 total=7\n", "full", "total")
                .number,
            7U);
}

class RootValuesTest : public ::testing::Test {
 protected:
  void fill(std::string_view controllers, const CollectorSet& enabled = CollectorSet().set()) {
    RootValues values(*base::Dir::open(files.path()), errors);
    ram = values.read_ram();
    failed = values.fill({0, &columns, &inputs}, controllers, enabled);
  }

  std::optional<std::uint64_t> root_of(std::string_view metric) {
    const auto& column = columns.columns[catalog::metric_index(metric)];
    if (column.empty() || column.front().cgroup != 0) return std::nullopt;
    return column.front().bits;
  }

  test::Tree files{
      {"meminfo", "MemTotal: 100 kB\nMemFree: 40 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n"},
      {"vmstat", "oom_kill 3\n"},
      {"pressure/cpu", "some avg10=0.00 total=5\n"}};
  test::RecordingLog log;
  base::ReadErrors errors{log};
  Columns columns;
  Inputs inputs;
  std::optional<std::uint64_t> ram;
  CollectorSet failed;
};

CollectorSet set_of(std::initializer_list<catalog::Collector> collectors) {
  CollectorSet set;
  for (const catalog::Collector collector : collectors) set.set(index(collector));
  return set;
}

TEST_F(RootValuesTest, FillWhatTheRootLacks) {
  fill("cpu memory\n");
  EXPECT_EQ(ram, 100U * 1024);
  EXPECT_EQ(root_of("cgroup_memory_usage_bytes"), 60U * 1024);
  EXPECT_EQ(root_of("cgroup_memory_swap_usage_bytes"), 0U);
  EXPECT_EQ(root_of("cgroup_memory_oom_kills_total"), 3U);
  EXPECT_EQ(root_of("cgroup_cpu_pressure_waiting_seconds_total"), 5U);
  EXPECT_EQ(root_of("cgroup_cpu_pressure_stalled_seconds_total"), std::nullopt);
  EXPECT_EQ(inputs.get(catalog::Input::memory_current), 60U * 1024);
  EXPECT_EQ(test::total(errors), 0U);
  EXPECT_TRUE(failed.none());
}

TEST_F(RootValuesTest, LeaveAloneWhatTheRootHas) {
  columns.columns[catalog::metric_index("cgroup_cpu_pressure_waiting_seconds_total")] = {
      {0, no_labels, 77}, {1, no_labels, 7}};
  columns.columns[catalog::metric_index("cgroup_memory_usage_bytes")] = {{1, no_labels, 7}};
  fill("memory\n");
  EXPECT_EQ(root_of("cgroup_cpu_pressure_waiting_seconds_total"), 77U);
  EXPECT_EQ(root_of("cgroup_memory_usage_bytes"), 60U * 1024);
}

TEST_F(RootValuesTest, SayNothingOfAControllerThatIsElsewhere) {
  fill("cpu hugetlb\n");
  EXPECT_EQ(root_of("cgroup_memory_usage_bytes"), std::nullopt);
  EXPECT_EQ(root_of("cgroup_memory_oom_kills_total"), std::nullopt);
  EXPECT_EQ(root_of("cgroup_cpu_pressure_waiting_seconds_total"), 5U);
}

TEST_F(RootValuesTest, KeepToTheEnabledCollectors) {
  files.write("vmstat", "oom_kill x\n");
  fill("memory\n", set_of({catalog::Collector::memory_swap, catalog::Collector::memory_stat}));
  EXPECT_EQ(root_of("cgroup_memory_usage_bytes"), std::nullopt);
  EXPECT_EQ(root_of("cgroup_memory_swap_usage_bytes"), 0U);
  EXPECT_EQ(inputs.get(catalog::Input::memory_current), 60U * 1024) << "others are derived from it";
  EXPECT_EQ(test::total(errors), 0U) << "nobody wants vmstat";
}

TEST_F(RootValuesTest, CountWhatIsMalformed) {
  files.write("vmstat", "oom_kill x\n");
  files.write("meminfo", "MemTotal: 100 kB\nMemFree: 140 kB\n");
  fill("memory\n");
  EXPECT_EQ(errors.counts().at({"vmstat", "malformed"}), 1U);
  EXPECT_EQ(root_of("cgroup_memory_usage_bytes"), std::nullopt) << "never below 0";
}

TEST_F(RootValuesTest, TellWhichCollectorsLackSomething) {
  files.write("vmstat", "oom_kill x\n");
  fill("memory\n");
  EXPECT_EQ(failed, set_of({catalog::Collector::memory}));
  files.write("vmstat", "oom_kill 3\n");
  files.remove("pressure/cpu");
  files.write("pressure/cpu/", "");
  fill("memory\n");
  EXPECT_EQ(errors.counts().count({"pressure/cpu", "EISDIR"}), 1U);
  EXPECT_EQ(failed, set_of({catalog::Collector::pressure}));
}

TEST_F(RootValuesTest, CountAMissingMeminfoOnce) {
  files.remove("meminfo");
  fill("memory\n");
  EXPECT_EQ(ram, std::nullopt);
  EXPECT_EQ(errors.counts().at({"meminfo", "ENOENT"}), 1U);
  EXPECT_EQ(test::total(errors), 1U);
  EXPECT_EQ(failed, set_of({catalog::Collector::memory, catalog::Collector::memory_stat,
                            catalog::Collector::memory_swap}));
}

}  // namespace
}  // namespace cgroup2::cgroup
