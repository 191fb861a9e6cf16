// SPDX-License-Identifier: Apache-2.0
// A poll in a steady state allocates nothing for a cgroup and its network namespace: polls of many
// and of few cgroups allocate equally often.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <new>
#include <string>

#include "snapshot/builder.h"
#include "support/log.h"
#include "support/tree.h"

namespace {

thread_local std::size_t allocations = 0;

}  // namespace

// All other forms end in these. Inlined, GCC would see free() meet an operator new
// (-Wmismatched-new-delete).
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
// Sanitizers have one of their own, which does not.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t /*size*/) noexcept {
  std::free(memory);
}

namespace cgroup2::snapshot {
namespace {

// A process in a network namespace.
void make_process(const test::Tree& files, int pid, int network) {
  const auto process = "proc/" + std::to_string(pid);
  files.link(process + "/ns/mnt", "mnt:[" + std::to_string(network) + "]");
  files.link(process + "/ns/net", "net:[" + std::to_string(network) + "]");
  files.write(process + "/net/dev",
              "Inter-|   Receive                                                |  Transmit\n"
              " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets "
              "errs drop fifo colls carrier compressed\n"
              "  eth0: 1 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0\n");
}

void make_cgroups(const test::Tree& files, int count) {
  const std::pair<const char*, const char*> contents[] = {
      {"cgroup.events", "populated 0\nfrozen 0\n"},
      {"cpu.max", "50000 100000\n"},
      {"cpu.stat", "usage_usec 5\nuser_usec 2\nsystem_usec 3\nnr_periods 0\n"},
      {"cpu.pressure", "some avg10=0.00 avg60=0.00 avg300=0.00 total=12\n"},
      {"io.stat", "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n"},
      {"memory.current", "1048576\n"},
      {"memory.max", "2097152\n"},
      {"memory.peak", "2097152\n"},
      {"memory.swap.peak", "4096\n"},
      {"memory.stat", "anon 4096\ninactive_file 4096\nactive_file 0\nslab_reclaimable 0\n"},
      {"memory.events", "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n"},
      {"memory.events.local", "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n"},
      {"pids.current", "3\n"}};
  for (int i = 0; i < count; ++i) {
    const auto path = "cgroup/a-slice-with-a-long-name.slice/service-" + std::to_string(i) + "/";
    for (const auto& [name, content] : contents) files.write(path + name, content);
    files.write(path + "cgroup.procs", std::to_string(100 + i) + "\n");
    make_process(files, 100 + i, 1000 + i);
  }
}

std::size_t allocations_of_ten_polls(int cgroups) {
  const test::Tree files{{"proc/meminfo", "MemTotal: 1024 kB\n"},
                         {"proc/vmstat", "oom_kill 0\n"},
                         {"cgroup/cgroup.controllers", "memory\n"}};
  make_process(files, 1, 1);
  make_cgroups(files, cgroups);
  test::RecordingLog log;
  Settings settings;
  settings.selection.enabled.set();
  settings.filter = [](std::string_view) { return true; };
  oom::TrackerSettings tracker;
  tracker.is_watching = true;
  Builder builder({*base::Dir::open(files.path("cgroup")), *base::Dir::open(files.path("proc")),
                   base::Dir(), base::Dir()},
                  std::move(settings), std::move(tracker), log);
  builder.start([] {});
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(builder.build()->cgroups.size(), static_cast<std::size_t>(cgroups) + 2);
  EXPECT_EQ(builder.build()->network.read, static_cast<std::size_t>(cgroups));
  // The fewest of some times: on a busy machine, what the start began ends in one of them.
  std::size_t fewest = std::numeric_limits<std::size_t>::max();
  for (int times = 0; times < 5; ++times) {
    const auto before = allocations;
    for (int i = 0; i < 10; ++i) static_cast<void>(builder.build());
    fewest = std::min(fewest, allocations - before);
  }
  return fewest;
}

TEST(Allocations, OfAPollDoNotGrowWithTheNumberOfCgroups) {
  EXPECT_EQ(allocations_of_ten_polls(80), allocations_of_ten_polls(20));
}

}  // namespace
}  // namespace cgroup2::snapshot
