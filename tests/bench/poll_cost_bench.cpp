// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

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

template <class Work>
Milliseconds time_of(Work&& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::steady_clock::now() - begin;
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
  const int rounds = count > 5'000 ? 7 : 25;
  for (auto _ : state) costs = measure(builder, floor, rounds);
  state.counters["poll_ms"] = costs.poll.count();
  state.counters["look_ms"] = costs.look.count();
  state.counters["floor_ms"] = costs.floor.count();
  state.counters["poll_per_floor"] = costs.poll / costs.floor;
  state.counters["us_per_cgroup"] = costs.poll.count() * 1'000 / static_cast<double>(count);
  state.counters["files"] = static_cast<double>(floor.files());
}
constexpr auto of_default = config::Config::Poll{}.open_files;
BENCHMARK(poll)
    ->Args({1'000, of_default})
    ->Args({1'000, 0})
    ->Args({10'000, of_default})
    ->Args({10'000, 0})
    ->Args({100, of_default})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);

}  // namespace
}  // namespace cgroup2::bench
