// SPDX-License-Identifier: Apache-2.0
// Counts the series that a collector adds, for the documents and --help.
#pragma once

#include <span>
#include <string>

#include "catalog/metric.h"

namespace cgroup2::catalog {

/// Says how many series a collector has on the newest kernel known (7.3) with every controller on
/// and every limit set: "5 series per cgroup, 2 per cgroup and device".
[[nodiscard]] std::string series_text(Collector collector);

/// Says the same of the rows among `rows` that are the collector's.
[[nodiscard]] std::string series_text(Collector collector, std::span<const Metric> rows);

}  // namespace cgroup2::catalog
