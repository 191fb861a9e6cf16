// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>

#include "bench/fake_host.h"
#include "bench/floor.h"
#include "config/config.h"
#include "snapshot/builder.h"

namespace cgroup2::bench {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

// CPU time, which other load on the machine changes less than that of the clock.
Milliseconds cpu_time() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

template <class Work>
Milliseconds time_of(Work&& work) {
  const auto begin = cpu_time();
  work();
  return cpu_time() - begin;
}

// The least of several: other load on the machine only adds.
struct Costs {
  Milliseconds poll = Milliseconds::max();
  Milliseconds look = Milliseconds::max();
  Milliseconds floor = Milliseconds::max();
};

// Poll and floor in turns, so that both have the same neighbours.
Costs measure(snapshot::Builder& builder, Floor& floor, int rounds) {
  Costs least;
  for (int i = 0; i < rounds; ++i) {
    least.poll = std::min(least.poll, time_of([&] { (void)builder.build(); }));
    least.floor = std::min(least.floor, time_of([&] { (void)floor.read(); }));
    least.look = std::min(least.look, time_of([&] { builder.look(); }));
  }
  return least;
}

// Some files are kept open, or none.
void poll(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const auto kept = static_cast<std::size_t>(state.range(1));
  const FakeHost host(count);
  auto settings = default_settings();
  settings.most_kept_files = kept;
  Floor floor(host.root() / "cgroup", settings.selection.enabled, kept);
  SilentLog log;
  snapshot::Builder builder(host.open(), std::move(settings), {}, {}, log);
  const auto first = builder.build();
  const auto second = builder.build();
  const auto reads = first->reading.kept + (second->reading.opened - first->reading.opened);
  if (reads != floor.files()) {
    state.SkipWithError("the floor reads other files than the poll");
    return;
  }
  Costs costs;
  constexpr int rounds = 25;
  for (auto _ : state) costs = measure(builder, floor, rounds);
  state.counters["poll_ms"] = costs.poll.count();
  state.counters["look_ms"] = costs.look.count();
  state.counters["floor_ms"] = costs.floor.count();
  state.counters["poll_per_floor"] = costs.poll / costs.floor;
  state.counters["us_per_cgroup"] = costs.poll.count() * 1'000 / static_cast<double>(count);
  state.counters["files"] = static_cast<double>(floor.files());
}
constexpr auto kept = 1'024;
BENCHMARK(poll)
    ->Args({1'000, kept})
    ->Args({1'000, 0})
    ->Args({100, kept})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

// Polls of both hosts in turns. Nothing is kept open: what is kept is not ten times as much.
void growth_from_1000_to_10000(benchmark::State& state) {
  constexpr int rounds = 7;
  const FakeHost small(1'000);
  const FakeHost large(10'000);
  SilentLog log;
  snapshot::Builder few(small.open(), default_settings(), {}, {}, log);
  snapshot::Builder many(large.open(), default_settings(), {}, {}, log);
  if (many.build()->dropped > 0) {
    state.SkipWithError("the limit on open files is too low for 10,000 cgroups");
    return;
  }
  (void)few.build();
  auto few_ms = Milliseconds::max();
  auto many_ms = Milliseconds::max();
  for (auto _ : state) {
    for (int i = 0; i < rounds; ++i) {
      few_ms = std::min(few_ms, time_of([&] { (void)few.build(); }));
      many_ms = std::min(many_ms, time_of([&] { (void)many.build(); }));
    }
  }
  state.counters["few_ms"] = few_ms.count();
  state.counters["many_ms"] = many_ms.count();
  state.counters["growth"] = many_ms / few_ms / 10;
}
BENCHMARK(growth_from_1000_to_10000)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace cgroup2::bench
