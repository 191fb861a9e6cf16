// SPDX-License-Identifier: Apache-2.0
// The oracle: a body in text 0.0.4 as families of prometheus-cpp.
#pragma once

#include <prometheus/metric_family.h>

#include <string_view>
#include <vector>

namespace cgroup2::bench {

/// Reads counters, gauges and untyped families without a "\n" in a label, as those of a snapshot
/// are.
[[nodiscard]] std::vector<prometheus::MetricFamily> to_oracle(std::string_view body);

}  // namespace cgroup2::bench
