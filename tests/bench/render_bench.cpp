// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <chrono>
#include <ostream>
#include <streambuf>
#include <string>
#include <string_view>
#include <vector>

#include "bench/fake_host.h"
#include "bench/oracle.h"
#include "exposition/body_buffer.h"
#include "exposition/cadvisor_text.h"
#include "exposition/text.h"
#include "http/gzip.h"
#include "snapshot/builder.h"

namespace cgroup2::bench {
namespace {

using exposition::Format;
using Nanoseconds = std::chrono::duration<double, std::nano>;

// The median: the machine may do other things at times.
template <typename Action>
Nanoseconds time_of(int repetitions, const Action& action) {
  std::vector<Nanoseconds> times;
  for (int i = 0; i < repetitions; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    action();
    times.emplace_back(std::chrono::steady_clock::now() - begin);
  }
  std::ranges::nth_element(times, times.begin() + repetitions / 2);
  return times[static_cast<std::size_t>(repetitions / 2)];
}

// Takes pieces and drops them, as write_snapshot()'s taker here: neither side pays for memory that
// holds the whole text.
class Pieces : public std::streambuf {
 public:
  Pieces() : text_(exposition::BodyBuffer::size) { rewind(); }

 protected:
  int_type overflow(int_type next) override {
    benchmark::DoNotOptimize(text_.data());
    rewind();
    return next == traits_type::eof() ? 0 : sputc(traits_type::to_char_type(next));
  }

 private:
  void rewind() { setp(text_.data(), text_.data() + text_.size()); }

  std::vector<char> text_;
};

// What the containers of a FakeHost have: samples and bytes.
struct OfContainers {
  double samples = 0;
  double bytes = 0;
};

OfContainers count_containers(std::string_view body) {
  OfContainers found;
  while (!body.empty()) {
    const std::string_view line = body.substr(0, body.find('\n') + 1);
    body.remove_prefix(line.size());
    const bool is_of_container = line.find("cri-containerd-") != std::string_view::npos ||
                                 line.find(",container=\"") != std::string_view::npos;
    if (!is_of_container || line.front() == '#') continue;
    ++found.samples;
    found.bytes += static_cast<double>(line.size());
  }
  return found;
}

void render_of_1000_cgroups(benchmark::State& state) {
  constexpr std::size_t count = 1'000;
  const FakeHost host(count);
  SilentLog log;
  snapshot::Builder builder(host.open(), default_settings(), {}, log);
  const auto snapshot = builder.build();
  const auto labels = exposition::PreparedLabels().of(*snapshot);
  const auto ledger = exposition::make_ledger_text(*snapshot->ledger);
  const auto write = [&](const base::Sink& sink) {
    exposition::write_snapshot(sink, *snapshot, *labels, ledger, snapshot->enabled, Format::text);
  };
  std::string body;
  exposition::append_snapshot(body, *snapshot, *labels, ledger, snapshot->enabled, Format::text);
  const auto families = to_oracle(body);
  double samples = 0;
  for (const auto& family : families) samples += static_cast<double>(family.metric.size());
  const prometheus::TextSerializer serializer;
  const auto oracle = serializer.Serialize(families);
  if (std::ranges::count(oracle, '\n') != std::ranges::count(body, '\n'))
    state.SkipWithError("the oracle has other lines");

  Nanoseconds ours{0};
  Nanoseconds packed{0};
  Nanoseconds theirs{0};
  std::string gzip;
  for (auto _ : state) {
    ours = time_of(41, [&] {
      write([](std::string_view piece) {
        benchmark::DoNotOptimize(piece.data());
        return true;
      });
    });
    packed = time_of(5, [&] { gzip = http::gzip(write); });
    theirs = time_of(3, [&] {
      Pieces buffer;
      std::ostream out(&buffer);
      serializer.Serialize(out, families);
    });
  }
  const auto cgroups = static_cast<double>(snapshot->cgroups.size());
  state.counters["series_per_cgroup"] = samples / cgroups;
  state.counters["bytes_per_cgroup"] = static_cast<double>(body.size()) / cgroups;
  const OfContainers containers = count_containers(body);
  const auto container_count =
      static_cast<double>(std::ranges::count_if(snapshot->cgroups, [](const auto& cgroup) {
        return cgroup->path.view().find("cri-containerd-") != std::string_view::npos;
      }));
  state.counters["series_per_container"] = containers.samples / container_count;
  state.counters["bytes_per_container"] = containers.bytes / container_count;
  state.counters["gzip_bytes_per_cgroup"] = static_cast<double>(gzip.size()) / cgroups;
  state.counters["ns_per_sample"] = ours.count() / samples;
  state.counters["gzip_ns_per_sample"] = packed.count() / samples;
  state.counters["oracle_ns_per_sample"] = theirs.count() / samples;
  state.counters["share_of_oracle"] = ours / theirs;
  state.counters["gzip_ratio"] = packed / ours;
}
BENCHMARK(render_of_1000_cgroups)->Unit(benchmark::kMillisecond)->Iterations(1);

void cadvisor_of_1000_cgroups(benchmark::State& state) {
  constexpr std::size_t count = 1'000;
  const FakeHost host(count);
  SilentLog log;
  snapshot::Builder builder(host.open(), default_settings(), {}, log);
  const auto snapshot = builder.build();
  const auto blocks =
      exposition::PreparedCadvisor().of(*snapshot, exposition::CadvisorProfile::kubelet);
  const auto now = std::chrono::seconds(1'700'000'000);
  const auto write = [&](const base::Sink& sink) {
    exposition::write_cadvisor(sink, *snapshot, *blocks, snapshot->enabled, now);
  };
  std::string body;
  write([&body](std::string_view piece) {
    body += piece;
    return true;
  });
  double samples = 0;
  for (std::size_t at = 0; at < body.size(); at = body.find('\n', at) + 1)
    samples += body[at] != '#' ? 1.0 : 0.0;

  Nanoseconds ours{0};
  for (auto _ : state) {
    ours = time_of(41, [&] {
      write([](std::string_view piece) {
        benchmark::DoNotOptimize(piece.data());
        return true;
      });
    });
  }
  const auto cgroups = static_cast<double>(snapshot->cgroups.size());
  state.counters["series_per_cgroup"] = samples / cgroups;
  state.counters["bytes_per_cgroup"] = static_cast<double>(body.size()) / cgroups;
  state.counters["ns_per_sample"] = ours.count() / samples;
}
BENCHMARK(cadvisor_of_1000_cgroups)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
}  // namespace cgroup2::bench
