// SPDX-License-Identifier: Apache-2.0
#include "catalog/lean.h"

#include <algorithm>

#include "catalog/cadvisor.h"

namespace cgroup2::catalog {
namespace {

bool takes(const CadvisorSource& source, std::size_t metric) {
  constexpr std::size_t period = native_metric("cgroup_cpu_period_seconds");
  return source.metric == metric || source.where == metric ||
         (source.value == CadvisorValue::cpu_quota && metric == period);
}

bool takes_key(const CadvisorSource& source, std::size_t metric, std::string_view key) {
  return source.metric == metric && (source.key.empty() || source.key == key);
}

}  // namespace

Lean lean_of(const Metric& metric, std::string_view key) {
  if (metric.lean_keys.empty()) return metric.lean;
  const auto found = std::ranges::find(metric.lean_keys, key, &LeanKey::key);
  return found == metric.lean_keys.end() ? Lean::nowhere : found->lean;
}

bool is_read_in_lean(std::size_t metric) {
  return metrics[metric].lean != Lean::nowhere ||
         std::ranges::any_of(cadvisor_rows,
                             [&](const CadvisorRow& row) { return takes(row.source, metric); });
}

bool is_read_in_lean(std::size_t metric, std::string_view key) {
  return lean_of(metrics[metric], key) != Lean::nowhere ||
         std::ranges::any_of(cadvisor_rows, [&](const CadvisorRow& row) {
           return takes_key(row.source, metric, key);
         });
}

}  // namespace cgroup2::catalog
