// SPDX-License-Identifier: Apache-2.0
// What the collector `processes` costs: for each cgroup, and for each open file.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "base/fd.h"
#include "processes/process_counter.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::processes {
namespace {

// Counts cgroups of which each has this process alone, with so many sockets.
void count_processes(benchmark::State& state) {
  const auto cgroup_count = static_cast<std::size_t>(state.range(0));
  std::vector<base::Fd> sockets;
  for (std::int64_t i = 0; i < state.range(1); ++i)
    sockets.emplace_back(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const test::Tree files{{"cgroup.procs", std::to_string(::getpid()) + "\n"}};
  const auto dir = base::Dir::open(files.path());
  std::vector<CgroupToCount> cgroups;
  for (std::size_t i = 0; i < cgroup_count; ++i)
    cgroups.push_back({.id = i + 1, .dir = &*dir, .path = "/", .parent = cgroup_count});
  test::RecordingLog log;
  base::ReadErrors errors(log);
  ProcessCounter counter(*base::Dir::open("/proc"), true, errors);
  std::vector<ProcessCounts> counts;
  for (auto _ : state) counter.count(cgroups, counts);
  if (!counts.front().sockets) state.SkipWithError("no sockets were counted");
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(count_processes)->ArgNames({"cgroups", "sockets"})->Args({100, 0})->Args({1, 400});

}  // namespace
}  // namespace cgroup2::processes
