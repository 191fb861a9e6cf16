// SPDX-License-Identifier: Apache-2.0
// What the exporter's own metrics need of prometheus-cpp: to make them, and to read them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include "exposition/family.h"

namespace prometheus {
class Counter;
class Gauge;
class Registry;
template <class Metric>
class Family;
struct MetricFamily;
}  // namespace prometheus

namespace cgroup2::app {

using Gauges = prometheus::Family<prometheus::Gauge>;

/// Makes a gauge or a counter without labels. The registry owns it.
[[nodiscard]] prometheus::Gauge& add_gauge(prometheus::Registry& registry, const char* name,
                                           const char* help);
[[nodiscard]] prometheus::Counter& add_counter(prometheus::Registry& registry, const char* name,
                                               const char* help);

/// Makes a family with one series for each value of a label.
[[nodiscard]] Gauges& add_gauges(prometheus::Registry& registry, const char* name,
                                 const char* help);

/// Sets the series of a family by their label `state`.
void set_states(Gauges& gauges, std::initializer_list<std::pair<const char*, std::size_t>> states);

/// Raises a counter to a value that it has not passed yet.
void raise(prometheus::Counter& counter, std::uint64_t to);

/// Returns a family with all of its samples. Counters, gauges, histograms and untyped metrics are
/// known.
[[nodiscard]] exposition::Family to_family(const prometheus::MetricFamily& from);

}  // namespace cgroup2::app
