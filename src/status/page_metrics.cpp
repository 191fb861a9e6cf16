// SPDX-License-Identifier: Apache-2.0
#include "status/page_metrics.h"

namespace cgroup2::status {
namespace {

constexpr bool has_single_values() {
  for (std::size_t i = 0; i < page_metric_count; ++i) {
    const std::size_t metric = metric_of(i);
    if (metric == catalog::metric_count) return false;
    if (catalog::label_names(catalog::metrics[metric]) != catalog::LabelNames()) return false;
    const bool is_counter = catalog::metrics[metric].type == catalog::MetricType::counter;
    if (i < counter_count && !is_counter) return false;
  }
  return true;
}
static_assert(has_single_values(),
              "a metric of the page is not in the catalog, or has several values");

}  // namespace

double to_base_unit(const cgroup::Sample& sample, catalog::Unit unit) {
  const auto whole = static_cast<double>(sample.bits);
  switch (unit) {
    case catalog::Unit::none:
    case catalog::Unit::bytes:
      return whole;
    case catalog::Unit::nanoseconds:
      return whole / catalog::nanoseconds_per_second;
    case catalog::Unit::microseconds:
      return whole / catalog::microseconds_per_second;
    case catalog::Unit::milliseconds:
      return whole / catalog::milliseconds_per_second;
    case catalog::Unit::cores:
    case catalog::Unit::ratio:
      return cgroup::to_double(sample);
  }
  return whole;
}

std::vector<Values> take_values(const cgroup::Columns& samples, std::size_t cgroups) {
  std::vector<Values> values(cgroups);
  for (std::size_t i = 0; i < page_metric_count; ++i) {
    const std::size_t metric = metric_of(i);
    const catalog::Unit unit = catalog::metrics[metric].unit;
    for (const cgroup::Sample& sample : samples.columns[metric]) {
      if (sample.cgroup < cgroups) values[sample.cgroup].set(i, to_base_unit(sample, unit));
    }
  }
  return values;
}

}  // namespace cgroup2::status
