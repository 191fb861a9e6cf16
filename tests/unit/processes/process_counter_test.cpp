// SPDX-License-Identifier: Apache-2.0
#include "processes/process_counter.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <deque>
#include <filesystem>
#include <string>

#include "base/fd.h"
#include "support/log.h"
#include "support/tree.h"
#include "support/unprivileged.h"

namespace cgroup2::processes {
namespace {

constexpr std::size_t no_parent = 999;

class ProcessCounterTest : public testing::Test {
 protected:
  // A process with this many files, of which the first are sockets.
  void add_process(int pid, int open_files, int sockets = 0) const {
    const std::string dir = "proc/" + std::to_string(pid);
    files.write(dir + "/fd/", "");
    for (int fd = 0; fd < open_files; ++fd) {
      files.link(dir + "/fd/" + std::to_string(fd),
                 fd < sockets ? "socket:[" + std::to_string(fd) + "]" : "/dev/null");
    }
    files.write(dir + "/limits", "Max processes   unlimited  10 processes\nMax open files    " +
                                     std::to_string(1000 + pid) + "  9 files\n");
  }

  std::size_t add(const std::string& pids, std::size_t parent = no_parent) {
    const auto index = cgroups.size();
    const auto name = "cgroup/" + std::to_string(index);
    files.write(name + "/cgroup.procs", pids);
    dirs.push_back(std::move(*base::Dir::open(files.path(name))));
    cgroups.push_back({100 + index, &dirs.back(), "/the/cgroup", parent});
    return index;
  }

  void make_counter(bool has_our_pids = true) {
    counter.emplace(*base::Dir::open(files.path("proc")), has_our_pids, errors, bounds);
  }

  std::vector<ProcessCounts> count(bool has_our_pids = true) {
    if (!counter) make_counter(has_our_pids);
    std::vector<ProcessCounts> counts;
    is_whole = counter->count(cgroups, counts);
    return counts;
  }

  test::Tree files{{"proc/", ""}};
  std::deque<base::Dir> dirs;
  std::vector<CgroupToCount> cgroups;
  CountBounds bounds;
  test::RecordingLog log;
  base::ReadErrors errors{log};
  std::optional<ProcessCounter> counter;
  bool is_whole = false;
};

TEST_F(ProcessCounterTest, AddsUpFromBelow) {
  add_process(1, 3, 1);
  add_process(2, 5, 2);
  add_process(3, 2);
  const auto top = add("");
  const auto a = add("1\n2\n", top);
  const auto b = add("3\n", top);
  const auto counts = count();
  EXPECT_EQ(counts[top], (ProcessCounts{.processes = 3, .open_files = 10, .sockets = 3}));
  EXPECT_EQ(
      counts[a],
      (ProcessCounts{.processes = 2, .open_files = 8, .sockets = 3, .open_files_limit = 1001}));
  EXPECT_EQ(counts[b].open_files_limit, 1003U);
  EXPECT_TRUE(is_whole);
}

TEST_F(ProcessCounterTest, CountsProcessesAloneInAnotherPidNamespace) {
  add_process(1, 3);
  add("1\n0\n0\n");
  EXPECT_EQ(count(false)[0], ProcessCounts{.processes = 3});
}

TEST_F(ProcessCounterTest, HasNothingOfProcessesThatAreGone) {
  add_process(1, 3);
  files.write("proc/2/", "");  // ends between two reads
  add("1\n2\n3\n");
  EXPECT_EQ(count()[0].open_files, 3U);
  EXPECT_EQ(count()[0].processes, 3U);
  EXPECT_TRUE(is_whole);
}

TEST_F(ProcessCounterTest, DoesNotBelieveAPidThatLeftTheCgroup) {
  // A FIFO gives its content once, as in member_test.cpp; then the cgroup has no process.
  add_process(1, 3);
  add("");
  const auto path = files.path("cgroup/0/cgroup.procs");
  files.remove("cgroup/0/cgroup.procs");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const base::Fd keeps_content(::open(path.c_str(), O_RDONLY | O_NONBLOCK));
  {
    const base::Fd writer(::open(path.c_str(), O_WRONLY | O_NONBLOCK));
    ASSERT_EQ(::write(writer.number(), "1\n", 2), 2);
  }
  EXPECT_EQ(count()[0].open_files, 0U);
}

TEST_F(ProcessCounterTest, TakesNothingFromOthersForTheOneWithTooMany) {
  bounds.descriptors = 40;
  add_process(1, 400, 400);
  add_process(2, 5, 5);
  add_process(3, 6, 1);
  const auto top = add("");
  const auto big = add("1\n", top);
  const auto b = add("2\n", top);
  const auto c = add("3\n", top);
  const auto counts = count();
  EXPECT_EQ(counts[b].sockets, 5U);
  EXPECT_EQ(counts[c].sockets, 1U);
  EXPECT_EQ(counts[big].sockets, std::nullopt);
  EXPECT_EQ(counts[big].processes, 1U);
  EXPECT_EQ(counts[top].sockets, std::nullopt) << "a part is no sum";
  EXPECT_EQ(counts[top].processes, 3U);
  EXPECT_EQ(errors.counts().at({"fd", "too_many"}), 1U);
  EXPECT_FALSE(is_whole);
}

TEST_F(ProcessCounterTest, GivesWhatOthersLeaveToThoseThatNeedMore) {
  bounds.descriptors = 500;
  add_process(1, 450);
  add_process(2, 5);
  add("1\n");
  add("2\n");
  for (int i = 0; i < 3; ++i) count();
  const auto counts = count();
  EXPECT_EQ(counts[0].open_files, 450U);
  EXPECT_EQ(counts[1].open_files, 5U);
}

TEST_F(ProcessCounterTest, LooksAtALimitedNumberOfProcesses) {
  bounds.processes = 3;
  for (int pid : {1, 2, 3, 4}) add_process(pid, 1);
  add("1\n2\n3\n");
  add("4\n");
  const auto counts = count();
  EXPECT_EQ(counts[0], ProcessCounts{.processes = 3});
  EXPECT_EQ(counts[1].open_files, 1U);
  EXPECT_EQ(errors.counts().at({"cgroup.procs", "too_many"}), 1U);
}

TEST_F(ProcessCounterTest, LeavesOutAndCountsWhatItMayNotRead) {
  add_process(1, 1);
  add("1\n");
  add("");
  std::filesystem::permissions(files.path("proc/1/fd"), std::filesystem::perms::none);
  std::filesystem::permissions(files.path("cgroup/1/cgroup.procs"), std::filesystem::perms::none);
  make_counter();
  const test::Unprivileged nobody;
  const auto counts = count();
  EXPECT_EQ(counts[0].processes, 1U);
  EXPECT_EQ(counts[0].open_files, std::nullopt);
  EXPECT_EQ(counts[1], ProcessCounts());
  EXPECT_EQ(errors.counts().at({"fd", "EACCES"}), 1U);
  EXPECT_EQ(errors.counts().at({"cgroup.procs", "EACCES"}), 1U);
  EXPECT_FALSE(is_whole);
}

TEST_F(ProcessCounterTest, FindsNoProcessInAThreadedCgroupOrOneThatIsGone) {
  add("1\n");
  files.remove("cgroup/0/cgroup.procs");
  EXPECT_EQ(count()[0], (ProcessCounts{.processes = 0, .open_files = 0, .sockets = 0}));
  EXPECT_TRUE(is_whole);
}

TEST_F(ProcessCounterTest, CountsARealProcess) {
  add(std::to_string(::getpid()) + "\n");
  counter.emplace(*base::Dir::open("/proc"), true, errors, bounds);
  const auto counts = count();
  EXPECT_GT(counts[0].open_files.value_or(0), 2U);
  EXPECT_TRUE(counts[0].sockets.has_value());
}

}  // namespace
}  // namespace cgroup2::processes
