// SPDX-License-Identifier: Apache-2.0
// The build refuses a catalog that breaks a rule.
#include "catalog/catalog.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "catalog/features.h"
#include "catalog/rules.h"

namespace cgroup2::catalog {
namespace {

// A constant of its own for each row: clang evaluates one in a million steps at most, which all
// rows together exceed.
template <std::size_t at>
constexpr bool is_sound = find_fault(metrics, at).empty();

template <std::size_t... at>
constexpr bool are_sound(std::index_sequence<at...> /*rows*/) {
  return std::ranges::all_of(std::array{is_sound<at>...}, std::identity());
}

constexpr bool is_known(const Source& source) {
  if (source.file.empty())
    return source.select == Select::identity || source.select == Select::namespaces ||
           source.select == Select::ledger;
  const std::size_t file = file_index(source.file);
  return file < file_count && fits_shape(source.select, files[file].shape);
}

constexpr bool has_known_sources() {
  for (const Metric& metric : metrics) {
    if (!is_known(metric.source)) return false;
  }
  for (const InputRow& row : inputs) {
    if (!is_known(row.source)) return false;
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

constexpr bool is_grouped_by_pass() {
  for (std::size_t i = 1; i < file_count; ++i) {
    if (files[i].pass < files[i - 1].pass) return false;
  }
  return true;
}

constexpr bool has_two_labels_at_most() {
  for (const Metric& metric : metrics) static_cast<void>(label_names(metric));
  return true;
}

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

constexpr bool skips_only_what_it_does_not_read() {
  for (const Unread& row : unread) {
    if (row.key.empty() && file_index(row.name) != file_count) return false;
  }
  return true;
}

static_assert(are_sound(std::make_index_sequence<metric_count>()),
              "a metric breaks a rule of catalog/rules.h");
static_assert(has_known_sources(),
              "a metric reads a file that is not in `files`, or one of another shape");
static_assert(uses_every_file(), "a file is listed but no metric is made of it");
static_assert(is_grouped_by_pass(), "the files must stand in the order of their passes");
static_assert(has_two_labels_at_most());
static_assert(has_metrics_of_root_rows(), "a root row fills a metric that cannot take it");
static_assert(has_files_of_features(), "a feature asks for a file that is not in `files`");
static_assert(skips_only_what_it_does_not_read(), "a file is both read and named as unread");
static_assert(inputs.size() == input_count);

}  // namespace
}  // namespace cgroup2::catalog
