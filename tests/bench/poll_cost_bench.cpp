// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <utility>

#include "bench/fake_host.h"
#include "bench/floor.h"
#include "bench/real_host.h"
#include "config/config.h"
#include "snapshot/builder.h"

namespace cgroup2::bench {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

// CPU time of all threads, the watcher's too, which other load on the machine changes less than
// that of the clock.
Milliseconds cpu_time() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

template <class Work>
Milliseconds time_of(Work&& work) {
  const auto begin = cpu_time();
  work();
  return cpu_time() - begin;
}

// The default, without the networks, whose files are of processes: network_bench.cpp measures them.
snapshot::Settings settings_of_lean_files() {
  auto settings = default_settings();
  settings.selection.enabled.reset(index(catalog::Collector::network));
  return settings;
}

// All files of the collectors that are on by default.
snapshot::Settings settings_of_files() {
  auto settings = settings_of_lean_files();
  settings.selection.narrowed.reset();
  return settings;
}

// The least of several: other load on the machine only adds.
struct Costs {
  Milliseconds poll = Milliseconds::max();
  Milliseconds scan = Milliseconds::max();
  Milliseconds floor = Milliseconds::max();
};

// Poll and floor in turns, so that both have the same neighbours.
Costs measure(snapshot::Builder& builder, Floor& floor, int rounds) {
  Costs least;
  for (int i = 0; i < rounds; ++i) {
    least.poll = std::min(least.poll, time_of([&] { (void)builder.build(); }));
    least.floor = std::min(least.floor, time_of([&] { (void)floor.read(); }));
    least.scan = std::min(least.scan, time_of([&] { builder.scan(); }));
  }
  return least;
}

// read(2) calls of this thread since it began, as the kernel counts them.
std::uint64_t reads() {
  std::ifstream file("/proc/thread-self/io");
  std::uint64_t count = 0;
  for (std::string key; file >> key >> count;) {
    if (key == "syscr:") break;
  }
  return count;
}

// The least of three: in some, the resolver asks again whose the cgroups are.
template <class Work>
std::uint64_t reads_of(Work&& work) {
  auto least = std::numeric_limits<std::uint64_t>::max();
  for (int i = 0; i < 3; ++i) {
    const auto before = reads();
    work();
    least = std::min(least, reads() - before);
  }
  return least;
}

// Whether a poll reads as many interface files as the floor: what it reads beyond a scan, which
// reads the events of memory, but cgroup.controllers, /proc/swaps, and /proc/meminfo to its end.
bool is_floor_of(const Floor& floor, snapshot::Builder& builder) {
  const auto of_poll = reads_of([&] { (void)builder.build(); });
  const auto of_scan = reads_of([&] { builder.scan(); });
  const auto of_events = floor.files("memory.events") + floor.files("memory.events.local");
  return of_poll - of_scan == floor.files() - of_events + 4;
}

// Nobody watches: each poll reads all files.
void poll_of_all_files(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const FakeHost host(count);
  const auto settings = settings_of_files();
  Floor floor(host.root() / "cgroup", settings.selection);
  SilentLog log;
  snapshot::Builder builder(host.open(), settings, {}, log);
  (void)builder.build();
  if (!is_floor_of(floor, builder)) {
    state.SkipWithError("the floor reads other files than the poll");
    return;
  }
  Costs costs;
  constexpr int rounds = 25;
  for (auto _ : state) costs = measure(builder, floor, rounds);
  state.counters["poll_ms"] = costs.poll.count();
  state.counters["scan_ms"] = costs.scan.count();
  state.counters["floor_ms"] = costs.floor.count();
  state.counters["poll_per_floor"] = costs.poll / costs.floor;
  state.counters["us_per_cgroup"] = costs.poll.count() * 1'000 / static_cast<double>(count);
  state.counters["files"] = static_cast<double>(floor.files());
}
BENCHMARK(poll_of_all_files)->Arg(1'000)->Unit(benchmark::kMillisecond)->Iterations(1);

// Polls until all cgroups are watched, and what is kept of them is read after that.
void watch(snapshot::Builder& builder) {
  builder.start([] {});
  for (auto snapshot = builder.build();
       snapshot->tracker.watch.watched < snapshot->cgroups.size();) {
    snapshot = builder.build();
  }
  (void)builder.build();
}

// Whether twenty polls read what must be read: the hot files, of which a scan reads one, and each
// cold file once, but memory.events.local when its turn comes. A resolver that asks again whose the
// cgroups are, reads a little more.
bool reads_hot_files(const Floor& hot, const Floor& all, snapshot::Builder& builder,
                     std::size_t cgroups) {
  constexpr std::uint64_t polls = 20;
  const auto before = reads();
  for (std::uint64_t i = 0; i < polls; ++i) (void)builder.build();
  const auto of_polls = reads() - before;
  const auto wanted =
      polls * hot.files() + all.files() - hot.files() - all.files("memory.events.local");
  return of_polls >= wanted && of_polls < wanted + polls * (cgroups / 2 + 20);
}

// As the exporter runs by default: settings are read when somebody writes them.
void poll(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const FakeHost host(count);
  const auto settings = settings_of_lean_files();
  Floor all(host.root() / "cgroup", settings_of_files().selection);
  Floor lean(host.root() / "cgroup", settings.selection);
  Floor hot(host.root() / "cgroup", settings.selection, FloorFiles::hot);
  SilentLog log;
  oom::TrackerSettings tracker;
  tracker.is_watching = true;
  snapshot::Builder builder(host.open(), settings, std::move(tracker), log);
  watch(builder);
  if (!reads_hot_files(hot, lean, builder, count)) {
    state.SkipWithError("the floor reads other files than the poll");
    return;
  }
  Costs of_hot;
  Costs of_all;
  constexpr int rounds = 25;
  for (auto _ : state) {
    of_hot = measure(builder, hot, rounds);
    of_all = measure(builder, all, rounds);
  }
  const auto poll = std::min(of_hot.poll, of_all.poll);
  state.counters["poll_ms"] = poll.count();
  state.counters["scan_ms"] = std::min(of_hot.scan, of_all.scan).count();
  state.counters["full_floor_ms"] = of_all.floor.count();
  state.counters["hot_floor_ms"] = of_hot.floor.count();
  state.counters["poll_per_full_floor"] = poll / of_all.floor;
  state.counters["poll_per_hot_floor"] = poll / of_hot.floor;
  state.counters["us_per_cgroup"] = poll.count() * 1'000 / static_cast<double>(count);
  state.counters["files"] = static_cast<double>(all.files());
  state.counters["hot_files"] = static_cast<double>(hot.files());
}
BENCHMARK(poll)->Arg(1'000)->Arg(100)->Unit(benchmark::kMillisecond)->Iterations(1);

// Files of the kernel. They show what a poll adds to them where they cost more than those on tmpfs.
void poll_of_real_cgroups(benchmark::State& state) {
  const RealHost host(100);
  if (!host.is_made()) {
    state.SkipWithError("no cgroup2 hierarchy here in which cgroups may be made");
    return;
  }
  const auto settings = settings_of_files();
  Floor floor(host.root(), settings.selection);
  SilentLog log;
  snapshot::Builder builder(host.open(), settings, {}, log);
  (void)builder.build();
  Costs costs;
  constexpr int rounds = 25;
  for (auto _ : state) costs = measure(builder, floor, rounds);
  state.counters["poll_per_floor"] = costs.poll / costs.floor;
  state.counters["files"] = static_cast<double>(floor.files());
  state.counters["us_per_cgroup"] = costs.poll.count() * 10;
}
BENCHMARK(poll_of_real_cgroups)->Unit(benchmark::kMillisecond)->Iterations(1);

struct Growth {
  Milliseconds few = Milliseconds::max();   // ten times the small one
  Milliseconds many = Milliseconds::max();  // once the large one

  [[nodiscard]] double ratio() const { return many / few; }
};

// Ten times a small host and once a large one in turns: as many cgroups in as much time, so that
// both have the same share of what else the machine does.
template <class Few, class Many>
Growth measure_growth(Few&& few, Many&& many) {
  constexpr int rounds = 7;
  Growth least;
  for (int i = 0; i < rounds; ++i) {
    least.few = std::min(least.few, time_of([&] {
                           for (int times = 0; times < 10; ++times) few();
                         }));
    least.many = std::min(least.many, time_of(many));
  }
  return least;
}

// The floor's growth tells what of it is the kernel's; its descriptors are closed before the polls,
// which need theirs.
void growth_from_1000_to_10000(benchmark::State& state) {
  const FakeHost small(1'000);
  const FakeHost large(10'000);
  const auto settings = settings_of_files();
  SilentLog log;
  for (auto _ : state) {
    Growth floor;
    {
      Floor few(small.root() / "cgroup", settings.selection);
      Floor many(large.root() / "cgroup", settings.selection);
      floor = measure_growth([&] { (void)few.read(); }, [&] { (void)many.read(); });
    }
    snapshot::Builder few(small.open(), settings, {}, log);
    snapshot::Builder many(large.open(), settings, {}, log);
    (void)few.build();
    if (many.build()->dropped > 0) {
      state.SkipWithError("the limit on open files is too low for 10,000 cgroups");
      return;
    }
    const auto poll = measure_growth([&] { (void)few.build(); }, [&] { (void)many.build(); });
    const auto scan = measure_growth([&] { few.scan(); }, [&] { many.scan(); });
    state.counters["few_ms"] = poll.few.count() / 10;
    state.counters["many_ms"] = poll.many.count();
    state.counters["growth"] = poll.ratio();
    state.counters["floor_growth"] = floor.ratio();
    state.counters["scan_growth"] = scan.ratio();
    state.counters["scan_of_many_ms"] = scan.many.count();
  }
}
BENCHMARK(growth_from_1000_to_10000)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace cgroup2::bench
