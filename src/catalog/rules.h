// SPDX-License-Identifier: Apache-2.0
// Says what a catalog must satisfy, as functions that can be tested on wrong catalogs; catalog.cpp
// asserts it of ours.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include "catalog/metric.h"

namespace cgroup2::catalog {

/// Says whether a name has lower case letters, digits and single underscores, and starts with
/// "cgroup_". Colons are for recording rules.
[[nodiscard]] constexpr bool is_well_formed(std::string_view name) {
  if (!name.starts_with("cgroup_") || name.ends_with('_')) return false;
  char before = '\0';
  for (const char c : name) {
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!is_word && c != '_') return false;
    if (c == '_' && before == '_') return false;
    before = c;
  }
  return true;
}

/// Says whether a name ends in "_total" for counters and "_info" for infos, and only for these.
[[nodiscard]] constexpr bool suffix_fits_type(std::string_view name, MetricType type) {
  return name.ends_with("_total") == (type == MetricType::counter) &&
         name.ends_with("_info") == (type == MetricType::info);
}

/// Says whether a name ends in its base unit, before "_total", and in no other unit.
[[nodiscard]] constexpr bool carries_unit(std::string_view name, Unit unit) {
  if (name.ends_with("_total")) name.remove_suffix(6);
  const bool is_time =
      unit == Unit::nanoseconds || unit == Unit::microseconds || unit == Unit::milliseconds;
  return name.ends_with("_bytes") == (unit == Unit::bytes) &&
         name.ends_with("_seconds") == is_time &&
         name.ends_with("_cores") == (unit == Unit::cores) &&
         name.ends_with("_ratio") == (unit == Unit::ratio);
}

/// Says whether a text is one line that ends with a full stop and does not start with a blank.
[[nodiscard]] constexpr bool is_sentence(std::string_view help) {
  return help.size() > 2 && help.ends_with('.') && help.find('\n') == std::string_view::npos &&
         help.front() != ' ';
}

/// Says whether two sources read the same field.
[[nodiscard]] constexpr bool is_same_field(const ValueSource& a, const ValueSource& b) {
  return a.file == b.file && a.select == b.select && a.key == b.key && a.member == b.member &&
         a.prefix == b.prefix && a.keys == b.keys &&
         (a.select != Select::derived || a.derivation == b.derivation) &&
         (a.select != Select::process || a.process == b.process) &&
         (a.select != Select::recent_peak || a.peak == b.peak) &&
         (a.select != Select::ledger || a.ledger == b.ledger) &&
         (a.select != Select::network || a.network == b.network);
}

/// Says whether the metric's unit and type can show values of its notation.
[[nodiscard]] constexpr bool fits_notation(const Metric& metric) {
  const bool is_whole_number = metric.source.notation != Notation::percent;
  if (metric.type == MetricType::info) return metric.unit == Unit::none && is_whole_number;
  if (metric.unit == Unit::cores)
    return metric.source.select == Select::ratio || metric.source.select == Select::derived;
  return (metric.unit == Unit::ratio) == !is_whole_number;
}

/// Says whether the selector gives labels and no number, so that its samples are 1.
[[nodiscard]] constexpr bool is_of_labels(Select select) {
  switch (select) {
    case Select::each_text:
    case Select::text:
    case Select::words:
    case Select::list:
    case Select::identity:
    case Select::namespaces:
      return true;
    default:
      return false;
  }
}

/// Returns the family's name in OpenMetrics, which must be unique: without the suffix of its
/// samples.
[[nodiscard]] constexpr std::string_view family_of(std::string_view name) {
  for (const std::string_view suffix : {"_total", "_info"}) {
    if (name.ends_with(suffix)) return name.substr(0, name.size() - suffix.size());
  }
  return name;
}

/// Says whether a source can be read from a file of that shape.
[[nodiscard]] constexpr bool fits_shape(Select select, Shape shape) {
  switch (select) {
    case Select::value:
      return shape == Shape::single_value;
    case Select::ratio:
    case Select::second:
      return shape == Shape::space_separated;
    case Select::key:
    case Select::keys:
      return shape == Shape::flat_keyed;
    case Select::member:
    case Select::each:
    case Select::each_text:
      return shape == Shape::nested_keyed;
    case Select::members:
      return shape == Shape::nested_keyed || shape == Shape::members;
    case Select::text:
      return shape == Shape::text;
    case Select::words:
      return shape == Shape::words;
    case Select::count:
    case Select::list:
      return shape == Shape::ranges;
    case Select::derived:
    case Select::identity:
    case Select::namespaces:
    case Select::first_start:
    case Select::process:
    case Select::recent_peak:
    case Select::pressure_bursts:
    case Select::ledger:
    case Select::network:
      return true;
  }
  return false;
}

/// Says whether the values come from an interface file, and not from processes, paths, the ledger
/// or network namespaces.
[[nodiscard]] constexpr bool is_of_file(const ValueSource& source) {
  return source.select != Select::identity && source.select != Select::namespaces &&
         source.select != Select::first_start && source.select != Select::process &&
         source.select != Select::recent_peak && source.select != Select::pressure_bursts &&
         source.select != Select::ledger && source.select != Select::network;
}

/// Finds the row of that name; nullptr if there is none.
[[nodiscard]] constexpr const File* find_file(std::span<const File> known, std::string_view name) {
  for (const File& file : known) {
    if (file.name == name) return &file;
  }
  return nullptr;
}

/// Counts the labels that a sample has beside those of its cgroup.
[[nodiscard]] constexpr int count_labels(const ValueSource& source, const File* file) {
  if (source.select == Select::ledger) return 0;  // has labels of its own
  const bool has_star = file != nullptr && !file->star_label.empty();
  return (has_star ? 1 : 0) + (source.label.empty() ? 0 : 1) +
         (source.member_label.empty() ? 0 : 1);
}

/// Lists what a row must satisfy. checked_metric.h says it in words.
enum class Rule {
  name,
  suffix,
  unit,
  help,
  collector,
  notation,
  type,
  file,
  shape,
  labels,
  name_is_unique,
  field_is_unique,
};

/// Returns the rule that a source breaks, or nothing.
[[nodiscard]] constexpr std::optional<Rule> find_broken_rule(const ValueSource& source,
                                                             std::span<const File> known) {
  const File* file = find_file(known, source.file);
  if (is_of_file(source) != (file != nullptr)) return Rule::file;
  if (file != nullptr && !fits_shape(source.select, file->shape)) return Rule::shape;
  if (count_labels(source, file) > 2) return Rule::labels;
  return std::nullopt;
}

/// Returns the first rule that the row at `at` breaks, or nothing.
[[nodiscard]] constexpr std::optional<Rule> find_broken_rule(std::span<const Metric> rows,
                                                             std::size_t at,
                                                             std::span<const File> known) {
  const Metric& metric = rows[at];
  const ValueSource& source = metric.source;
  if (!is_well_formed(metric.name)) return Rule::name;
  if (!suffix_fits_type(metric.name, metric.type)) return Rule::suffix;
  if (!carries_unit(metric.name, metric.unit)) return Rule::unit;
  if (!is_sentence(metric.help)) return Rule::help;
  if (metric.collector.has_value() == (source.select == Select::identity)) return Rule::collector;
  if (!fits_notation(metric)) return Rule::notation;
  const bool is_of_type = source.select == Select::ledger ||
                          is_of_labels(source.select) == (metric.type == MetricType::info);
  if (!is_of_type) return Rule::type;
  if (const auto broken = find_broken_rule(source, known)) return broken;
  const std::string_view family = family_of(metric.name);
  for (std::size_t i = 0; i < at; ++i) {
    if (family_of(rows[i].name) == family) return Rule::name_is_unique;
    if (is_same_field(rows[i].source, source)) return Rule::field_is_unique;
  }
  return std::nullopt;
}

}  // namespace cgroup2::catalog
