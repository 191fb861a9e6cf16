// SPDX-License-Identifier: Apache-2.0
// What network namespaces add to a poll: of a synthetic host on tmpfs, and of the kernel's own.
#include <benchmark/benchmark.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "bench/fake_host.h"
#include "catalog/collector.h"
#include "identity/member.h"
#include "snapshot/builder.h"
#include "snapshot/network_reader.h"

namespace cgroup2::bench {
namespace {

using Microseconds = std::chrono::duration<double, std::micro>;
using catalog::Collector;

// CPU time, which other load on the machine changes less than that of the clock.
Microseconds cpu_time() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

// The least of several: other load on the machine only adds.
template <class Work>
Microseconds least_of(int rounds, Work&& work) {
  auto least = Microseconds::max();
  for (int i = 0; i < rounds; ++i) {
    const auto begin = cpu_time();
    work();
    least = std::min(least, cpu_time() - begin);
  }
  return least;
}

snapshot::Settings settings_with(std::initializer_list<Collector> collectors) {
  auto settings = default_settings();
  settings.selection.enabled.reset();
  for (const Collector collector : collectors) settings.selection.enabled.set(index(collector));
  return settings;
}

void network_of_250_pods(benchmark::State& state) {
  constexpr int rounds = 25;
  const FakeHost host(1'000);
  SilentLog log;
  snapshot::Builder with(host.open(), settings_with({Collector::network}), {}, log);
  snapshot::Builder without(host.open(), settings_with({}), {}, log);
  (void)without.build();
  const std::size_t namespaces = with.build()->network.read;
  if (namespaces != 250) state.SkipWithError("not every pod's namespace was read");
  for (auto _ : state) {
    const auto least = least_of(rounds, [&] { (void)with.build(); });
    const auto others = least_of(rounds, [&] { (void)without.build(); });
    state.counters["us_per_namespace"] = (least - others).count() / static_cast<double>(namespaces);
  }
}
BENCHMARK(network_of_250_pods)->Unit(benchmark::kMillisecond)->Iterations(1);

// Processes that sleep, each in a network namespace of its own.
class Sleepers {
 public:
  explicit Sleepers(std::size_t count) {
    while (pids_.size() < count) {
      std::array<int, 2> ready{};
      if (::pipe(ready.data()) != 0) return;
      const pid_t pid = ::fork();
      if (pid == 0) {
        const bool is_made = ::unshare(CLONE_NEWNET) == 0;
        if (is_made && ::write(ready[1], "1", 1) == 1) ::pause();
        ::_exit(1);
      }
      ::close(ready[1]);
      char byte = 0;
      const bool is_made = ::read(ready[0], &byte, 1) == 1;
      ::close(ready[0]);
      if (pid > 0) pids_.push_back(pid);
      if (!is_made) return;
    }
    is_made_ = true;
  }
  Sleepers(const Sleepers&) = delete;
  Sleepers& operator=(const Sleepers&) = delete;
  ~Sleepers() {
    for (const pid_t pid : pids_) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
  }

  [[nodiscard]] bool is_made() const { return is_made_; }
  [[nodiscard]] const std::vector<pid_t>& pids() const { return pids_; }

 private:
  std::vector<pid_t> pids_;
  bool is_made_ = false;
};

void network_of_real_namespaces(benchmark::State& state) {
  constexpr int rounds = 25;
  const Sleepers sleepers(100);
  if (!sleepers.is_made()) {
    state.SkipWithError("no network namespaces may be made here");
    return;
  }
  std::vector<base::Dir> processes;
  for (const pid_t pid : sleepers.pids())
    processes.push_back(*base::Dir::open("/proc/" + std::to_string(pid) + "/net"));
  SilentLog log;
  base::ReadErrors errors(log);
  cgroup::LabelTable labels;
  cgroup::Columns columns;
  snapshot::NetworkReader interfaces(errors);
  interfaces.select(settings_with({Collector::network}).selection.enabled, {});
  interfaces.begin(labels, columns);
  snapshot::NetworkReader sockets(errors);
  sockets.select(settings_with({Collector::network_sockets}).selection.enabled, {});
  sockets.begin(labels, columns);
  const auto count = static_cast<double>(processes.size());
  for (auto _ : state) {
    const auto look = least_of(rounds, [&] {
      for (const base::Dir& net : processes)
        benchmark::DoNotOptimize(identity::is_in_network(net, 1));
    });
    const auto read_by = [&](snapshot::NetworkReader& reader) {
      return least_of(rounds, [&] {
        for (const base::Dir& net : processes) benchmark::DoNotOptimize(reader.read(net, 0, false));
      });
    };
    state.counters["us_to_look"] = look.count() / count;
    state.counters["us_to_read_interfaces"] = read_by(interfaces).count() / count;
    state.counters["us_to_read_sockets"] = read_by(sockets).count() / count;
  }
}
BENCHMARK(network_of_real_namespaces)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace cgroup2::bench
