// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>

#include "bench/fake_host.h"
#include "catalog/collector.h"
#include "config/config.h"
#include "snapshot/builder.h"

namespace cgroup2::bench {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

struct Cost {
  Milliseconds identity{0};
  Milliseconds poll{0};
};

Cost poll(snapshot::Builder& builder) {
  const auto snapshot = builder.build();
  return {snapshot->outcomes[index(catalog::Collector::namespaces)].duration, snapshot->duration};
}

// A lasting cgroup is looked at again after one second, then two, up to five minutes: the polls in
// between and those looks, in their proportion on a host that has been up for long.
void identity_of_1000_containers(benchmark::State& state) {
  constexpr std::size_t polls = 9;
  const FakeHost host(2'000);
  SilentLog log;
  snapshot::Builder builder(host.open(), default_settings(), {}, log);
  const Milliseconds first = poll(builder).identity;
  Milliseconds look{0};
  std::array<Cost, polls> between;
  for (auto _ : state) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1'100));
    look = poll(builder).identity;
    for (Cost& cost : between) cost = poll(builder);
  }
  // The median: a slow machine may come to the next look already.
  std::ranges::nth_element(between, between.begin() + polls / 2, {}, &Cost::identity);
  const Cost steady = between[polls / 2];
  const auto named = std::ranges::count_if(builder.build()->cgroups, [](const auto& cgroup) {
    return !cgroup->identity->names.pod.empty() && !cgroup->identity->names.container.empty();
  });
  if (static_cast<std::size_t>(named) != host.containers())
    state.SkipWithError("not every container has its name");

  constexpr std::chrono::minutes between_looks{5};
  const double looks_per_poll = Milliseconds(config::Config().poll.interval) / between_looks;
  state.counters["containers"] = static_cast<double>(named);
  state.counters["first_ms"] = first.count();
  state.counters["look_ms"] = look.count();
  state.counters["between_ms"] = steady.identity.count();
  state.counters["poll_ms"] = steady.poll.count();
  state.counters["identity_share"] =
      (steady.identity + look * looks_per_poll) / (steady.poll + look * looks_per_poll);
}
BENCHMARK(identity_of_1000_containers)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace cgroup2::bench
