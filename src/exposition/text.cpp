// SPDX-License-Identifier: Apache-2.0
#include "exposition/text.h"

#include <charconv>
#include <cmath>

#include "base/label.h"
#include "catalog/catalog.h"

namespace cgroup2::exposition {
namespace {

using catalog::Select;

// OpenMetrics names a family without the suffix that its samples carry; text 0.0.4 with it.
std::string_view family_name(std::string_view name, std::string_view type, Format format) {
  if (format == Format::openmetrics && type == "counter")
    name.remove_suffix(std::string_view("_total").size());
  if (format == Format::openmetrics && type == "info")
    name.remove_suffix(std::string_view("_info").size());
  return name;
}

std::string_view unit_of(std::string_view family) {
  for (const std::string_view unit : {"seconds", "bytes", "cores", "ratio"}) {
    if (family.ends_with(unit) && family.size() > unit.size() &&
        family[family.size() - unit.size() - 1] == '_')
      return unit;
  }
  return {};
}

void append_line(std::string& out, std::string_view keyword, std::string_view name,
                 std::string_view text) {
  out += "# ";
  out += keyword;
  out += ' ';
  out += name;
  out += ' ';
  out += text;
  out += '\n';
}

void append_help(std::string& out, std::string_view family, std::string_view help, Format format) {
  std::string escaped;
  if (format == Format::openmetrics) {
    base::append_escaped(escaped, help);
  } else {
    for (const char c : help) {
      if (c == '\\') escaped += '\\';
      escaped += c == '\n' ? std::string_view("\\n") : std::string_view(&c, 1);
    }
  }
  append_line(out, "HELP", family, escaped);
}

// `type` is the word of OpenMetrics; text 0.0.4 knows no info and calls unknown untyped.
void append_header(std::string& out, std::string_view name, std::string_view type,
                   std::string_view help, Format format) {
  const auto family = family_name(name, type, format);
  if (format == Format::openmetrics) {
    append_line(out, "TYPE", family, type);
    if (const auto unit = unit_of(family); !unit.empty()) append_line(out, "UNIT", family, unit);
    append_help(out, family, help, format);
    return;
  }
  append_help(out, family, help, format);
  append_line(out, "TYPE", family, type == "info" ? "gauge" : type == "unknown" ? "untyped" : type);
}

std::string_view type_word(catalog::Type type) {
  switch (type) {
    case catalog::Type::counter:
      return "counter";
    case catalog::Type::gauge:
      return "gauge";
    case catalog::Type::info:
      return "info";
    case catalog::Type::untyped:
      return "unknown";
  }
  return "unknown";
}

std::string_view type_word(Family::Type type) {
  switch (type) {
    case Family::Type::counter:
      return "counter";
    case Family::Type::gauge:
      return "gauge";
    case Family::Type::histogram:
      return "histogram";
    case Family::Type::untyped:
      return "unknown";
  }
  return "unknown";
}

void append_integer(std::string& out, std::uint64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

void append_value(std::string& out, const cgroup::Sample& sample, catalog::Unit unit) {
  switch (unit) {
    case catalog::Unit::none:
    case catalog::Unit::bytes:
      append_integer(out, sample.bits);
      break;
    case catalog::Unit::nanoseconds:
      append_number(out, static_cast<double>(sample.bits) / catalog::nanoseconds_per_second);
      break;
    case catalog::Unit::microseconds:
      append_number(out, static_cast<double>(sample.bits) / catalog::microseconds_per_second);
      break;
    case catalog::Unit::milliseconds:
      append_number(out, static_cast<double>(sample.bits) / catalog::milliseconds_per_second);
      break;
    case catalog::Unit::cores:
    case catalog::Unit::ratio:
      append_number(out, cgroup::to_double(sample));
      break;
  }
}

void append_sample(std::string& out, const catalog::Metric& metric,
                   const catalog::LabelNames& names, const cgroup::Sample& sample,
                   const snapshot::Snapshot& snapshot) {
  out += metric.name;
  out += '{';
  out += snapshot.cgroups[sample.owner]->labels;
  for (std::size_t i = 0; i < names.size() && sample.labels[i] != cgroup::no_label; ++i) {
    out += ',';
    out += names[i];
    out += "=\"";
    out += (*snapshot.labels)[sample.labels[i]];
    out += '"';
  }
  out += "} ";
  append_value(out, sample, metric.unit);
  out += '\n';
}

void append_ledger(std::string& out, const catalog::Metric& metric,
                   const snapshot::Snapshot& snapshot, Format format) {
  bool has_header = false;
  for (const snapshot::LedgerSample& sample : *snapshot.ledger) {
    if (sample.value != metric.source.ledger) continue;
    if (!has_header) append_header(out, metric.name, type_word(metric.type), metric.help, format);
    has_header = true;
    out += metric.name;
    if (!sample.labels.empty()) {
      out += '{';
      out += sample.labels;
      out += '}';
    }
    out += ' ';
    append_value(out, {0, cgroup::no_labels, sample.number}, metric.unit);
    out += '\n';
  }
}

// Families whose values are the labels themselves; the value is 1.
void append_info(std::string& out, const catalog::Metric& metric,
                 const snapshot::Snapshot& snapshot, Format format) {
  bool has_header = false;
  for (const auto& cgroup : snapshot.cgroups) {
    const bool is_identity = metric.source.select == Select::identity;
    const std::string& more = is_identity ? cgroup->identity_labels : cgroup->namespace_labels;
    if (more.empty()) continue;
    if (!has_header) append_header(out, metric.name, type_word(metric.type), metric.help, format);
    has_header = true;
    out += metric.name;
    out += '{';
    out += cgroup->labels;
    out += more;
    out += "} 1\n";
  }
}

}  // namespace

std::string_view content_type(Format format) {
  return format == Format::openmetrics
             ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
             : "text/plain; version=0.0.4; charset=utf-8";
}

void append_snapshot(std::string& out, const snapshot::Snapshot& snapshot,
                     const cgroup::CollectorSet& wanted, Format format) {
  for (std::size_t i = 0; i < catalog::metric_count; ++i) {
    const catalog::Metric& metric = catalog::metrics[i];
    if (metric.collector && !(wanted & snapshot.enabled).test(index(*metric.collector))) continue;
    if (metric.source.select == Select::identity || metric.source.select == Select::namespaces) {
      append_info(out, metric, snapshot, format);
      continue;
    }
    if (metric.source.select == Select::ledger) {
      append_ledger(out, metric, snapshot, format);
      continue;
    }
    const auto& column = snapshot.samples.columns[i];
    if (column.empty()) continue;
    append_header(out, metric.name, type_word(metric.type), metric.help, format);
    const auto names = catalog::label_names(metric);
    for (const cgroup::Sample& sample : column) append_sample(out, metric, names, sample, snapshot);
  }
}

void append_families(std::string& out, std::span<const Family> families, Format format) {
  for (const Family& family : families) {
    if (family.samples.empty()) continue;
    append_header(out, family.name, type_word(family.type), family.help, format);
    for (const FamilySample& sample : family.samples) {
      out += family.name;
      out += sample.suffix;
      char separator = '{';
      for (const auto& [name, value] : sample.labels) {
        out += separator;
        out += name;
        out += "=\"";
        base::append_escaped(out, value);
        out += '"';
        separator = ',';
      }
      if (separator == ',') out += '}';
      out += ' ';
      append_number(out, sample.value);
      out += '\n';
    }
  }
}

void append_end(std::string& out, Format format) {
  if (format == Format::openmetrics) out += "# EOF\n";
}

void append_number(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
  } else {
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(digits, end);
  }
}

}  // namespace cgroup2::exposition
