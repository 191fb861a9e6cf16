// SPDX-License-Identifier: Apache-2.0
// Refuses a catalog that breaks a rule: it does not compile.
#include "catalog/catalog.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "catalog/checked_metric.h"
#include "catalog/features.h"
#include "catalog/rules.h"

namespace cgroup2::catalog {
namespace {

constexpr bool has_sources_of_inputs() {
  return std::ranges::none_of(
      inputs, [](const InputRow& row) { return find_broken_rule(row.source, files).has_value(); });
}

constexpr bool has_every_input() {
  for (std::size_t i = 0; i < input_count; ++i) {
    const auto is_of_input = [&](const InputRow& row) {
      return row.input == static_cast<Input>(i);
    };
    if (std::ranges::none_of(inputs, is_of_input)) return false;
  }
  return true;
}

constexpr bool uses_every_file() {
  for (const File& file : files) {
    bool is_used = false;
    for (const Metric& metric : metrics) is_used = is_used || metric.source.file == file.name;
    if (!is_used) return false;
  }
  return true;
}

constexpr bool is_grouped_by_phase() { return std::ranges::is_sorted(files, {}, &File::phase); }

constexpr bool has_metrics_of_root_rows() {
  for (const RootRow& row : root_rows) {
    const std::size_t metric = metric_index(row.metric);
    if (metric == metric_count || !metrics[metric].collector || is_fraction(metrics[metric].unit))
      return false;
  }
  return true;
}

constexpr bool has_files_of_features() {
  for (const Feature& feature : features) {
    if (feature.probe != Feature::Probe::file) continue;
    if (file_index(feature.what) == file_count || file_index(feature.beside) == file_count)
      return false;
  }
  return true;
}

constexpr bool shows_only_what_is_on() {
  return std::ranges::all_of(metrics, [](const Metric& metric) {
    return metric.lean == Lean::nowhere || !metric.collector ||
           collectors[index(*metric.collector)].is_default;
  });
}

constexpr bool has_lean_keys_of_their_metric() {
  for (const Metric& metric : metrics) {
    for (const LeanKey& key : metric.lean_keys) {
      if (key.lean > metric.lean || metric.source.select != Select::keys) return false;
      const bool is_classified = metric.source.keys != KeyClass::any;
      if (is_classified && classify_memory_stat(key.key) != metric.source.keys) return false;
    }
  }
  return true;
}

constexpr bool skips_only_what_it_does_not_read() {
  for (const Unread& row : unread) {
    if (row.key.empty() && file_index(row.name) != file_count) return false;
  }
  return true;
}

static_assert(are_checked<metrics, files>(std::make_index_sequence<metric_count>()));
static_assert(has_sources_of_inputs(), "an input is of no file, or of one of another shape");
static_assert(uses_every_file(), "a file is listed but no metric is made of it");
static_assert(is_grouped_by_phase(), "the files must stand in the order of their phases");
static_assert(has_metrics_of_root_rows(), "a root row fills a metric that cannot take it");
static_assert(has_files_of_features(), "a feature asks for a file that is not in `files`");
static_assert(shows_only_what_is_on(), "a metric is in lean, and its collector is off by default");
static_assert(has_lean_keys_of_their_metric(), "a metric does not have one of its lean keys");
static_assert(skips_only_what_it_does_not_read(), "a file is both read and named as unread");
static_assert(has_every_input(), "an input of the derivations comes from no file");

}  // namespace
}  // namespace cgroup2::catalog
