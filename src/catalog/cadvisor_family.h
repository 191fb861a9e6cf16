// SPDX-License-Identifier: Apache-2.0
// Defines what a row of the table of cAdvisor's families is, and what such a table must satisfy.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "catalog/catalog.h"
#include "catalog/rules.h"

namespace cgroup2::catalog {

/// Says how a value is made.
enum class CadvisorValue {
  native,         ///< that of the native metric, in its unit
  kernel_number,  ///< the same, as the kernel writes it: microseconds are not turned into seconds
  cpu_quota,      ///< the native metric counts cores; times the period, in microseconds
  cpu_shares,     ///< the native metric is the weight; as shares of cgroup v1
  oom_kills,      ///< what the ledger of OOM kills charges to the cgroup
  last_seen,      ///< the time of the answer
  zero,           ///< 0, without labels of a cgroup
};

/// Says what the root's value is.
enum class CadvisorRoot {
  same,         ///< made as all others
  usage,        ///< anon and file of memory.stat, where the root has these
  working_set,  ///< the same without inactive_file
  ram,          ///< the host's memory
  swap,         ///< the host's swap
};

/// Says where the values of a row come from. The functions below make one.
struct CadvisorSource {
  std::size_t metric = metric_count;  ///< index of the native metric; metric_count: there is none
  std::string_view key = {};          ///< only samples whose last label has this value; empty: all
  CadvisorValue value = CadvisorValue::native;
  CadvisorRoot root = CadvisorRoot::same;
  std::string_view label = {};       ///< what the native metric's first label is called here
  std::string_view prefix = {};      ///< what stands in front of that label's value
  std::size_t where = metric_count;  ///< only cgroups that have this native metric, too
  bool absence_is_zero = false;      ///< a cgroup without a value has 0
  bool zero_is_absence = false;      ///< a cgroup with 0 has no sample
};

/// A label that all samples of a row have.
struct CadvisorLabel {
  std::string_view name;
  std::string_view value;
};

/// One family, or a part of it whose samples have other labels.
struct CadvisorRow {
  std::string_view name;
  MetricType type;
  CadvisorSource source;
  std::string_view help;  ///< empty where the row above is of the same family
  std::array<CadvisorLabel, 2> labels{};
};

/// Finds a native metric. A name that the catalog does not have does not compile.
[[nodiscard]] consteval std::size_t native_metric(std::string_view name) {
  const std::size_t at = metric_index(name);
  return at < metric_count ? at : throw "the catalog has no metric of that name";
}

[[nodiscard]] consteval CadvisorSource native(std::string_view name, std::string_view key = {}) {
  return {.metric = native_metric(name), .key = key};
}
[[nodiscard]] constexpr CadvisorSource made_as(CadvisorValue value, CadvisorSource source = {}) {
  source.value = value;
  return source;
}
/// Takes another value of the root.
[[nodiscard]] constexpr CadvisorSource with_root(CadvisorRoot root, CadvisorSource source) {
  source.root = root;
  return source;
}
[[nodiscard]] constexpr CadvisorSource or_zero(CadvisorSource source) {
  source.absence_is_zero = true;
  return source;
}
[[nodiscard]] constexpr CadvisorSource unless_zero(CadvisorSource source) {
  source.zero_is_absence = true;
  return source;
}
[[nodiscard]] consteval CadvisorSource with_quota(CadvisorSource source) {
  source.where = native_metric("cgroup_cpu_limit_cores");
  return source;
}
[[nodiscard]] constexpr CadvisorSource by_device(CadvisorSource source) {
  source.label = "device";
  source.prefix = "/dev/";
  return source;
}
[[nodiscard]] constexpr CadvisorSource by(std::string_view label, CadvisorSource source) {
  source.label = label;
  return source;
}

[[nodiscard]] constexpr CadvisorRow counter(std::string_view name, const CadvisorSource& source,
                                            std::string_view help,
                                            std::array<CadvisorLabel, 2> labels = {}) {
  return {name, MetricType::counter, source, help, labels};
}
[[nodiscard]] constexpr CadvisorRow gauge(std::string_view name, const CadvisorSource& source,
                                          std::string_view help,
                                          std::array<CadvisorLabel, 2> labels = {}) {
  return {name, MetricType::gauge, source, help, labels};
}

/// Says whether the row's source has what it needs: the native metric counts where the row does,
/// has the labels that the row takes, and has values of the key.
[[nodiscard]] constexpr bool fits_native(const CadvisorRow& row) {
  const CadvisorSource& source = row.source;
  if (source.metric == metric_count)
    return source.value == CadvisorValue::last_seen || source.value == CadvisorValue::zero;
  const Metric& native = metrics[source.metric];
  if (row.type == MetricType::counter && native.type != MetricType::counter) return false;
  if (is_fraction(native.unit) != (source.value == CadvisorValue::cpu_quota)) return false;
  const LabelNames labels = label_names(native);
  const int taken = (source.key.empty() ? 0 : 1) + (source.label.empty() ? 0 : 1);
  const int there = (labels[0].empty() ? 0 : 1) + (labels[1].empty() ? 0 : 1);
  const bool is_of_ledger = source.value == CadvisorValue::oom_kills;
  if (is_of_ledger != (native.source.select == Select::ledger)) return false;
  if (!is_of_ledger && taken != there) return false;
  return native.source.file != "memory.stat" || source.key.empty() ||
         classify_memory_stat(source.key) == native.source.keys;
}

/// Says whether the rows are sorted by name, as the kubelet writes them, and those of one family
/// agree.
[[nodiscard]] constexpr bool are_families(std::span<const CadvisorRow> rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool is_first = i == 0 || rows[i - 1].name != rows[i].name;
    if (!is_first && (rows[i - 1].type != rows[i].type || !rows[i].help.empty())) return false;
    if (is_first && !is_sentence(rows[i].help)) return false;
    if (i > 0 && rows[i].name < rows[i - 1].name) return false;
  }
  return true;
}

/// Returns the place of an extra label among those that every sample has, which stand in
/// alphabetical order: 0 before id, 1 before name, 2 before pod, 3 behind it.
[[nodiscard]] constexpr std::size_t place_of(std::string_view label) {
  return label < "id" ? 0 : label < "name" ? 1 : label < "pod" ? 2 : 3;
}

}  // namespace cgroup2::catalog
