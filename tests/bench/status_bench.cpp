// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "bench/fake_host.h"
#include "http/gzip.h"
#include "snapshot/builder.h"
#include "status/page.h"

namespace cgroup2::bench {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

// The least: other load only adds.
template <typename Action>
double least_of(int repetitions, const Action& action) {
  Milliseconds least = Milliseconds::max();
  for (int i = 0; i < repetitions; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    action();
    least = std::min<Milliseconds>(least, std::chrono::steady_clock::now() - begin);
  }
  return least.count();
}

void status_page_of_2000_cgroups(benchmark::State& state) {
  const FakeHost host(2'000);
  SilentLog log;
  snapshot::Builder builder(host.open(), default_settings(), {}, log);
  status::History history;
  history.note(*builder.build());
  auto later = *builder.build();
  later.begun += std::chrono::seconds(15);
  history.note(later);
  const status::HostFacts described;
  const status::Self self;
  status::View view;
  view.choice = status::Choice::all;
  std::string page;
  const auto render = [&] {
    const status::PageContext context(described, self, later, history);
    page.clear();
    status::write_page(
        [&page](std::string_view piece) {
          page += piece;
          return true;
        },
        context, view);
  };
  std::string gzip;
  for (auto _ : state) {
    state.counters["table_ms"] = least_of(21, render);
    state.counters["table_kilobytes"] = static_cast<double>(page.size()) / 1000;
    state.counters["gzip_ms"] =
        least_of(5, [&] { gzip = http::gzip([&page](const base::Sink& sink) { sink(page); }); });
    state.counters["gzip_kilobytes"] = static_cast<double>(gzip.size()) / 1000;
    view.layout = status::Layout::tree;
    state.counters["tree_ms"] = least_of(21, render);
  }
}
BENCHMARK(status_page_of_2000_cgroups)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace cgroup2::bench
