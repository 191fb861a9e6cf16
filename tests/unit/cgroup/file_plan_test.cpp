// SPDX-License-Identifier: Apache-2.0
// FilePlan: that what a line gives does not depend on the other lines, for every keyed file of the
// catalog; and what the other shapes give, in rows.
#include "cgroup/file_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace cgroup2::cgroup {
namespace {

using catalog::KeyClass;
using catalog::Select;
using catalog::Shape;

/// Samples as "metric{label,label} bits".
using Found = std::multiset<std::string>;

struct Extracted {
  Found found;
  Fault fault;
};

class FilePlanTest : public ::testing::Test {
 protected:
  static InterfaceFile file_of_row(std::size_t row) {
    std::string name(catalog::files[row].name);
    const bool has_star = name.find('*') != std::string::npos;
    return {row, std::move(name), has_star ? "2MB" : ""};
  }

  FilePlan make(std::string_view file) {
    return {file_of_row(catalog::file_index(file)), selection, labels, devices};
  }

  Extracted extract(FilePlan& plan, const std::string& text) {
    Columns columns;
    Inputs inputs;
    Extracted extracted;
    extracted.fault = plan.extract(text, {0, &columns, &inputs});
    for (std::size_t i = 0; i < catalog::metric_count; ++i) {
      for (const Sample& sample : columns.columns[i]) {
        std::string shown(catalog::metrics[i].name);
        for (const LabelId label : sample.labels)
          shown += label == no_label ? "" : "{" + std::string(labels.text(label)) + "}";
        const bool is_fraction = catalog::is_fraction(catalog::metrics[i].unit);
        shown +=
            " " + (is_fraction ? std::to_string(to_double(sample)) : std::to_string(sample.bits));
        extracted.found.insert(shown);
      }
    }
    return extracted;
  }

  Extracted extract(std::string_view file, const std::string& text) {
    FilePlan plan = make(file);
    return extract(plan, text);
  }

  Selection selection{CollectorSet().set(), {}};
  LabelTable labels;
  Devices devices{base::Dir(), labels};
};

// Keys and members that the rows of a file take, and some that no row takes.
struct Vocabulary {
  std::set<std::string> keys{"zz_of_the_future"};
  std::set<std::string> members;
};

Vocabulary vocabulary_of(std::string_view file) {
  Vocabulary words;
  for (const catalog::Metric& metric : catalog::metrics) {
    const catalog::ValueSource& source = metric.source;
    if (source.file != file || source.select == Select::derived) continue;
    const std::string prefix(source.prefix);
    if (source.select == Select::key || source.select == Select::member)
      words.keys.insert(std::string(source.key));
    if (source.select == Select::keys && source.keys == KeyClass::any)
      words.keys.insert({prefix + "one", prefix + "two"});
    if (source.keys == KeyClass::bytes) words.keys.insert({"anon", "file"});
    if (source.keys == KeyClass::events) words.keys.insert({"pgfault", "workingset_refault_anon"});
    const bool has_lines_of_devices = !source.label.empty() && source.keys == KeyClass::any;
    if (source.keys == KeyClass::device || has_lines_of_devices) words.keys.insert({"8:0", "8:16"});
    if (source.select == Select::members) words.members.insert({prefix + "0", prefix + "1"});
    if (source.select == Select::each || source.select == Select::each_text ||
        source.select == Select::member) {
      words.members.insert(std::string(source.member));
    }
  }
  if (!words.members.empty()) words.members.insert("zz_of_the_future");
  return words;
}

// Every line by itself: "oom_kill 3", or "8:0 rbytes=3 wbytes=4".
std::vector<std::string> lines_of(std::size_t row) {
  const Vocabulary words = vocabulary_of(catalog::files[row].name);
  std::vector<std::string> lines;
  int value = 1;
  for (const std::string& key : words.keys) {
    std::string line = key;
    if (catalog::files[row].shape == Shape::flat_keyed) line += " " + std::to_string(value++);
    for (const std::string& member : words.members)
      line += " " + member + "=" + std::to_string(value++);
    lines.push_back(line);
  }
  return lines;
}

std::string join(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += line + "\n";
  return text;
}

bool is_keyed(Shape shape) { return shape == Shape::flat_keyed || shape == Shape::nested_keyed; }

TEST_F(FilePlanTest, WhatALineGivesDoesNotDependOnTheOthers) {
  std::mt19937 random(4711);
  std::size_t seen_files = 0;
  for (std::size_t row = 0; row < catalog::file_count; ++row) {
    if (!is_keyed(catalog::files[row].shape)) continue;
    SCOPED_TRACE(catalog::files[row].name);
    FilePlan plan(file_of_row(row), selection, labels, devices);
    auto lines = lines_of(row);
    ASSERT_GE(lines.size(), 2U);
    ++seen_files;
    std::vector<Found> alone;
    Found all;
    for (const auto& line : lines) {
      const auto extracted = extract(plan, line + "\n");
      EXPECT_EQ(extracted.fault, Fault::none) << line;
      alone.push_back(extracted.found);
      all.insert(extracted.found.begin(), extracted.found.end());
    }
    EXPECT_GE(all.size(), 1U);
    for (int round = 0; round < 20; ++round) {
      std::ranges::shuffle(lines, random);
      EXPECT_EQ(extract(plan, join(lines)).found, all) << "in another order";
    }
    for (std::size_t missing = 0; missing < lines.size(); ++missing) {
      auto rest = lines;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(missing));
      Found expected = all;
      for (const auto& sample : extract(plan, lines[missing] + "\n").found)
        expected.erase(expected.find(sample));
      EXPECT_EQ(extract(plan, join(rest)).found, expected) << "without " << lines[missing];
    }
    for (const auto& line : lines) {
      EXPECT_EQ(extract(plan, join(lines) + line).found, all) << "with a cut " << line;
      auto grown = lines;
      *std::ranges::find(grown, line) += " 77 (new)";
      const auto extracted = extract(plan, join(grown));
      EXPECT_EQ(extracted.found, all) << "with more after " << line;
      EXPECT_EQ(extracted.fault, Fault::none) << line;
    }
  }
  EXPECT_GT(seen_files, 30U);
}

TEST_F(FilePlanTest, WhatAMemberGivesDoesNotDependOnTheOthers) {
  std::mt19937 random(815);
  for (std::size_t row = 0; row < catalog::file_count; ++row) {
    const auto shape = catalog::files[row].shape;
    if (shape != Shape::nested_keyed && shape != Shape::members) continue;
    SCOPED_TRACE(catalog::files[row].name);
    FilePlan plan(file_of_row(row), selection, labels, devices);
    const Vocabulary words = vocabulary_of(catalog::files[row].name);
    auto keys = words.keys;
    if (shape == Shape::members) keys = {""};
    std::vector<std::string> members;
    for (const auto& member : words.members)
      members.push_back(member + "=" + std::to_string(members.size() + 1));
    std::size_t samples = 0;
    for (const auto& key : keys) {
      Found all;
      for (const auto& member : members) {
        const auto extracted = extract(plan, key + " " + member + "\n");
        all.insert(extracted.found.begin(), extracted.found.end());
      }
      samples += all.size();
      for (int round = 0; round < 10; ++round) {
        std::ranges::shuffle(members, random);
        std::string line = key;
        for (const auto& member : members) line += " " + member;
        EXPECT_EQ(extract(plan, line + "\n").found, all) << line;
        const auto repeated = extract(plan, line + " " + members.front() + "\n");
        EXPECT_EQ(repeated.found, all) << line;
        EXPECT_EQ(repeated.fault, Fault::duplicate) << line;
      }
    }
    EXPECT_GT(samples, 0U);
  }
}

// Every keyed file with each of its lines twice: the kernel's own terms count once, what stands for
// things of the host adds up, in any order.
TEST_F(FilePlanTest, ARepeatedLineCountsOnceOrAddsUp) {
  std::mt19937 random(1603);
  std::size_t sums = 0;
  for (std::size_t row = 0; row < catalog::file_count; ++row) {
    if (!is_keyed(catalog::files[row].shape)) continue;
    SCOPED_TRACE(catalog::files[row].name);
    FilePlan plan(file_of_row(row), selection, labels, devices);
    const auto lines = lines_of(row);
    const auto once = extract(plan, join(lines)).found;
    auto twice = lines;
    twice.insert(twice.end(), lines.begin(), lines.end());
    const auto repeated = extract(plan, join(twice));
    EXPECT_EQ(repeated.found.size(), once.size());
    EXPECT_TRUE(repeated.fault == Fault::none || repeated.fault == Fault::duplicate);
    if (repeated.found != once) ++sums;
    for (int round = 0; round < 20; ++round) {
      std::ranges::shuffle(twice, random);
      EXPECT_EQ(extract(plan, join(twice)).found, repeated.found) << "in another order";
    }
  }
  EXPECT_GE(sums, 6U) << "io.stat, and rdma, misc and dmem";
}

TEST_F(FilePlanTest, ThingsOfOneNameHaveOneSample) {
  const struct {
    const char* file;
    std::string text;
    Found found;
  } rows[] = {
      {"io.stat",
       "(unknown) rbytes=1 rios=6\n259:3 rbytes=5\n(unknown) rbytes=4096 wios=2\n(unknown) \n",
       {"cgroup_io_read_bytes_total{(unknown)} 4097", "cgroup_io_reads_total{(unknown)} 6",
        "cgroup_io_writes_total{(unknown)} 2", "cgroup_io_read_bytes_total{259:3} 5"}},
      {"io.stat",
       "8:0 cost.vrate=50.00 win=7 missed=1\n8:0 cost.vrate=25.00 win=3 missed=2\n",
       {"cgroup_io_cost_vrate_ratio{8:0} 0.500000", "cgroup_io_latency_window_seconds{8:0} 7",
        "cgroup_io_latency_window_missed{8:0} 3"}},
      {"io.max",
       "(unknown) rbps=max wbps=9\n(unknown) rbps=5 wbps=3\n",
       {"cgroup_io_limit_read_bytes_per_second{(unknown)} 5",
        "cgroup_io_limit_write_bytes_per_second{(unknown)} 3"}},
      {"io.weight",
       "default 100\n8:0 50\n8:0 200\n",
       {"cgroup_io_weight 100", "cgroup_io_device_weight{8:0} 200"}},
      {"io.cost.qos",
       "8:0 ctrl=auto\n8:0 ctrl=auto\n",
       {"cgroup_io_cost_qos_ctrl_info{8:0}{auto} 1"}},
      {"dmem.current", "vram0 4096\nvram0 1\n", {"cgroup_dmem_usage_bytes{vram0} 4097"}},
      {"dmem.max", "vram0 4096\nvram0 max\n", {"cgroup_dmem_limit_bytes{vram0} 4096"}},
  };
  for (const auto& row : rows) {
    const auto extracted = extract(row.file, row.text);
    EXPECT_EQ(extracted.found, row.found) << row.text;
    EXPECT_EQ(extracted.fault, Fault::none) << row.text;
  }
}

TEST_F(FilePlanTest, AFileLosesAllOnlyIfNothingOfItIsUnderstood) {
  const struct {
    const char* file;
    std::string text;
    bool has_lost_all;
  } rows[] = {
      {"memory.max", "max\n", false},
      {"memory.max", "lots\n", true},
      {"memory.max", "", true},
      {"cpu.max", "max max\n", true},
      {"cpu.max", "max 100000 x\n", false},
      {"memory.events", "low x\nhigh 1\n", false},
      {"memory.events", "low x\nhigh\n", true},
      {"cpu.stat", "usage_usec 5\nuser_us", false},
      {"io.pressure", "some total=x\nfull total=3\n", false},
      {"io.stat", "(unknown) rbytes=x\n", false},
      {"io.stat", "=\n", false},
      {"misc.current", "sev\n", false},
      {"cpuset.cpus.effective", "3-1\n", true},
  };
  for (const auto& row : rows) {
    FilePlan plan = make(row.file);
    (void)extract(plan, row.text);
    EXPECT_EQ(plan.has_lost_all(), row.has_lost_all) << row.file << ": " << row.text;
  }
}

TEST_F(FilePlanTest, ABadValueCostsOnlyItself) {
  for (std::size_t row = 0; row < catalog::file_count; ++row) {
    if (catalog::files[row].shape != Shape::flat_keyed) continue;
    SCOPED_TRACE(catalog::files[row].name);
    FilePlan plan(file_of_row(row), selection, labels, devices);
    const auto lines = lines_of(row);
    const auto whole = extract(plan, join(lines)).found;
    for (std::size_t bad = 0; bad < lines.size(); ++bad) {
      auto changed = lines;
      changed[bad] = lines[bad].substr(0, lines[bad].find(' ')) + " 12x";
      Found expected = whole;
      for (const auto& sample : extract(plan, lines[bad] + "\n").found)
        expected.erase(expected.find(sample));
      const auto extracted = extract(plan, join(changed));
      EXPECT_EQ(extracted.found, expected) << changed[bad];
      EXPECT_EQ(extracted.fault, expected == whole ? Fault::none : Fault::malformed)
          << changed[bad];
    }
  }
}

TEST_F(FilePlanTest, FilesOfOneLineGiveWhatTheySay) {
  const struct {
    const char* file;
    std::string text;
    Found found;
    Fault fault = Fault::none;
  } rows[] = {
      {"cgroup.type", "domain threaded\n", {"cgroup_type_info{domain threaded} 1"}},
      {"cgroup.type", "\n", {}, Fault::empty},
      {"cgroup.type", "", {}, Fault::empty},
      {"cgroup.type", "domain", {}, Fault::truncated},
      {"cgroup.type", "domain\nthreaded\n", {"cgroup_type_info{domain} 1"}},
      {"memory.max", "4096 1 x\n", {"cgroup_memory_limit_bytes 4096"}},
      {"memory.max", "max 4096\n", {}},
      {"memory.max", " \n", {}, Fault::empty},
      {"pids.current", "7\n8\n", {"cgroup_pids 7"}},
      {"cgroup.type", std::string(4097, 'd') + "\n", {}, Fault::malformed},
      {"cgroup.controllers",
       "cpu io\n",
       {"cgroup_controller_info{cpu} 1", "cgroup_controller_info{io} 1"}},
      {"cgroup.controllers", "", {}},
      {"cgroup.controllers", "\n", {}},
      {"cgroup.controllers", "cpu cpu\n", {"cgroup_controller_info{cpu} 1"}, Fault::duplicate},
      {"cgroup.controllers", "cpu \x01\n", {"cgroup_controller_info{cpu} 1"}, Fault::malformed},
      {"cpuset.cpus.effective",
       "0-3,8\n",
       {"cgroup_cpuset_effective_cpus 5", "cgroup_cpuset_effective_cpu_list_info{0-3,8} 1"}},
      {"cpuset.cpus.effective", "\n", {"cgroup_cpuset_effective_cpus 0"}},
      {"cpuset.cpus.exclusive.effective", "\n", {"cgroup_cpuset_effective_exclusive_cpus 0"}},
      {"cpuset.cpus.isolated", "\n", {"cgroup_cpuset_isolated_cpus 0"}},
      {"cpuset.mems.effective", "\n", {"cgroup_cpuset_effective_mems 0"}},
      {"cpuset.mems.effective",
       "0-1 extra\n",
       {"cgroup_cpuset_effective_mems 2", "cgroup_cpuset_effective_mem_list_info{0-1} 1"}},
      {"cpuset.cpus", "\n", {}},
      {"cpuset.cpus.exclusive", "\n", {}},
      {"cpuset.mems", "\n", {}},
      {"cpuset.cpus", "", {}, Fault::empty},
      {"cpuset.cpus", "3-1\n", {}, Fault::malformed},
      {"cpu.max", "max 100000\n", {"cgroup_cpu_period_seconds 100000"}},
      {"cpu.max",
       "50000 100000\n",
       {"cgroup_cpu_limit_cores 0.500000", "cgroup_cpu_period_seconds 100000"}},
      {"cpu.uclamp.min", "12.50\n", {"cgroup_cpu_uclamp_min_ratio 0.125000"}},
      {"cpu.uclamp.max", "max\n", {}},
      {"cpu.rt_runtime_us", "-1\n", {}},
      {"hugetlb.*.max", "9223372036854771712\n", {}},
      {"hugetlb.*.max", "2097152\n", {"cgroup_hugetlb_limit_bytes{2MB} 2097152"}},
      {"hugetlb.*.numa_stat",
       "total=3 N0=1 N1=2\n",
       {"cgroup_hugetlb_numa_stat_bytes{2MB}{0} 1", "cgroup_hugetlb_numa_stat_bytes{2MB}{1} 2"}},
      {"hugetlb.*.numa_stat", "total=3 N0 N1=2\n", {}, Fault::malformed},
  };
  for (const auto& row : rows) {
    const auto extracted = extract(row.file, row.text);
    EXPECT_EQ(extracted.found, row.found) << row.file << ": " << row.text;
    EXPECT_EQ(extracted.fault, row.fault) << row.file << ": " << row.text;
  }
}

TEST_F(FilePlanTest, IoStatTakesTheFormsOfAllKernels) {
  const struct {
    const char* text;
    Found found;
    Fault fault = Fault::none;
  } rows[] = {
      {"7:1 7:0 254:0 rbytes=1\n7:2 7:3 ", {"cgroup_io_read_bytes_total{254:0} 1"}},
      {"7:0 \n254:0 rbytes=1\n", {"cgroup_io_read_bytes_total{254:0} 1"}},
      {"(unknown) rbytes=1\n", {"cgroup_io_read_bytes_total{(unknown)} 1"}},
      {"259:1048575 rbytes=1  depth=max missed=2\n",
       {"cgroup_io_read_bytes_total{259:1048575} 1",
        "cgroup_io_latency_window_missed{259:1048575} 2"}},
      {"8:0 cost.vrate=123.45 cost.usage=5\n",
       {"cgroup_io_cost_vrate_ratio{8:0} 1.234500", "cgroup_io_cost_usage_seconds_total{8:0} 5"}},
      {"", {}},
  };
  for (const auto& row : rows) {
    const auto extracted = extract("io.stat", row.text);
    EXPECT_EQ(extracted.found, row.found) << row.text;
    EXPECT_EQ(extracted.fault, row.fault) << row.text;
  }
}

TEST_F(FilePlanTest, DevicesOfOneNameDifferByTheirIndex) {
  FilePlan plan = make("rdma.current");
  const auto extracted =
      extract(plan, "rxe0 index=5 hca_handle=1\nrxe0 index=12 hca_handle=2\nmlx5_0 hca_handle=3\n");
  EXPECT_EQ(extracted.fault, Fault::none);
  EXPECT_EQ(extracted.found, (Found{"cgroup_rdma_usage{rxe0 index=5}{handle} 1",
                                    "cgroup_rdma_usage{rxe0 index=12}{handle} 2",
                                    "cgroup_rdma_usage{mlx5_0}{handle} 3"}));
  const auto repeated = extract(plan, "rxe0 index=5 hca_handle=1\nrxe0 index=5 hca_handle=2\n");
  EXPECT_EQ(repeated.fault, Fault::none);
  EXPECT_EQ(repeated.found, (Found{"cgroup_rdma_usage{rxe0 index=5}{handle} 3"}));
  for (const char* other : {"rxe0 hca_handle=1 index=5\n", "rxe0 indexes=5 hca_handle=1\n"})
    EXPECT_EQ(extract(plan, other).found, (Found{"cgroup_rdma_usage{rxe0}{handle} 1"})) << other;
}

TEST_F(FilePlanTest, PagesAreNeverTakenForBytes) {
  const auto found = extract("memory.stat", "workingset_nodereclaim 3\nanon 4096\n").found;
  EXPECT_EQ(found, (Found{"cgroup_memory_stat_events_total{workingset_nodereclaim} 3",
                          "cgroup_memory_stat_bytes{anon} 4096"}));
}

TEST_F(FilePlanTest, NodesAreLabelsOfTheirKeysClass) {
  const auto found =
      extract("memory.numa_stat", "anon N0=1 N1=2\npgscan N0=3\nnew_in_8_0 N0=4 total=5\n").found;
  EXPECT_EQ(found, (Found{"cgroup_memory_numa_stat_bytes{anon}{0} 1",
                          "cgroup_memory_numa_stat_bytes{anon}{1} 2",
                          "cgroup_memory_numa_stat_events_total{pgscan}{0} 3",
                          "cgroup_memory_numa_stat_other{new_in_8_0}{0} 4"}));
}

TEST_F(FilePlanTest, UnwantedKeysOfMemoryStatAreLeftOutButDerivedFrom) {
  selection.takes_stat_key = [](std::string_view key) { return key == "anon"; };
  FilePlan plan = make("memory.stat");
  const std::string text = "anon 1\ninactive_file 2\npgfault 3\nnew_in_8_0 4\n";
  EXPECT_EQ(extract(plan, text).found, (Found{"cgroup_memory_stat_bytes{anon} 1"}));
  Inputs inputs;
  EXPECT_EQ(plan.extract(text, {0, nullptr, &inputs}), Fault::none);
  EXPECT_EQ(inputs.get(catalog::Input::inactive_file), 2U);
}

TEST_F(FilePlanTest, OfANarrowedMetricOnlyTheKeysThatAreNeededAreTaken) {
  selection.narrowed.set();
  EXPECT_EQ(extract("memory.stat",
                    "anon 1\nfile_writeback 2\npercpu 3\npgfault 4\npgscan 5\npgrefill 6\n"
                    "new_in_8_0 7\n")
                .found,
            (Found{"cgroup_memory_stat_bytes{anon} 1", "cgroup_memory_stat_bytes{file_writeback} 2",
                   "cgroup_memory_stat_events_total{pgfault} 4",
                   "cgroup_memory_stat_events_total{pgscan} 5"}))
      << "the page with cAdvisor's names needs file_writeback and pgscan";
  EXPECT_EQ(extract("memory.events.local", "low 1\nhigh 2\noom_group_kill 3\n").found,
            Found{"cgroup_memory_events_local_total{high} 2"});
}

TEST_F(FilePlanTest, AFileOfWhichNothingIsNeededIsOfNoCollector) {
  selection.narrowed.set();
  for (const char* file :
       {"cgroup.events", "cpu.stat.local", "memory.low", "memory.swap.high", "memory.swap.peak",
        "memory.swap.events", "pids.peak", "pids.events", "pids.events.local", "irq.pressure"}) {
    EXPECT_TRUE(make(file).collectors().none()) << file;
  }
  for (const char* file : {"cpu.stat",
                           "cpu.max",
                           "cpu.weight",
                           "memory.current",
                           "memory.stat",
                           "memory.events",
                           "memory.events.local",
                           "memory.max",
                           "memory.high",
                           "memory.min",
                           "memory.oom.group",
                           "memory.peak",
                           "memory.swap.current",
                           "memory.swap.max",
                           "io.stat",
                           "pids.current",
                           "pids.max",
                           "cpu.pressure",
                           "memory.pressure",
                           "io.pressure"}) {
    EXPECT_TRUE(make(file).collectors().any()) << file;
    EXPECT_FALSE(make(file).is_of_parents()) << file;
  }
}

TEST_F(FilePlanTest, AFileIsOfParentsAloneWhileNothingElseOfItIsWanted) {
  selection.narrowed.set();
  selection.narrowed.reset(catalog::metric_index("cgroup_subsystem_cgroups"));
  selection.enabled.reset(index(catalog::Collector::cgroup_subsystems));
  EXPECT_TRUE(make("cgroup.stat").is_of_parents());
  selection.enabled.set(index(catalog::Collector::cgroup_subsystems));
  EXPECT_FALSE(make("cgroup.stat").is_of_parents());
  selection.enabled.reset(index(catalog::Collector::cgroup_subsystems));
  selection.narrowed.reset();
  EXPECT_FALSE(make("cgroup.stat").is_of_parents());
}

TEST_F(FilePlanTest, AFileThatNoCollectorWantsHasNone) {
  selection.enabled.reset();
  EXPECT_TRUE(make("cpu.stat").collectors().none());
  selection.enabled.set(index(catalog::Collector::memory_stat));
  EXPECT_TRUE(make("cpu.stat").collectors().none());
  EXPECT_TRUE(make("memory.current").collectors().any()) << "the working set is derived from it";
  EXPECT_TRUE(make("memory.max").collectors().none());
  EXPECT_EQ(extract("memory.current", "5\n").found, Found{});
}

}  // namespace
}  // namespace cgroup2::cgroup
