// SPDX-License-Identifier: Apache-2.0
// Reads families from a registry of prometheus-cpp.
#pragma once

#include "exposition/family.h"

namespace prometheus {
struct MetricFamily;
}

namespace cgroup2::app {

/// Returns a family with all of its samples. Counters, gauges, histograms and untyped metrics are
/// known.
[[nodiscard]] exposition::Family to_family(const prometheus::MetricFamily& from);

}  // namespace cgroup2::app
