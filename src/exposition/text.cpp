// SPDX-License-Identifier: Apache-2.0
#include "exposition/text.h"

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "base/label.h"
#include "catalog/catalog.h"
#include "exposition/body_buffer.h"
#include "exposition/header.h"
#include "exposition/number.h"
#include "exposition/series_choice.h"

namespace cgroup2::exposition {
namespace {

using catalog::Select;

std::string_view type_word(catalog::MetricType type) {
  switch (type) {
    case catalog::MetricType::counter:
      return "counter";
    case catalog::MetricType::gauge:
      return "gauge";
    case catalog::MetricType::info:
      return "info";
    case catalog::MetricType::untyped:
      return "unknown";
  }
  return "unknown";
}

std::string_view type_word(FamilyType type) {
  switch (type) {
    case FamilyType::counter:
      return "counter";
    case FamilyType::gauge:
      return "gauge";
    case FamilyType::histogram:
      return "histogram";
    case FamilyType::untyped:
      return "unknown";
  }
  return "unknown";
}

void add_header(BodyBuffer& body, const catalog::Metric& metric, Format format) {
  std::string header;
  append_header(header, metric.name, type_word(metric.type), metric.help, format);
  body.add(header);
}

// Writes the samples of one column. What they share is prepared once.
class ColumnWriter {
 public:
  ColumnWriter(const catalog::Metric& metric, std::span<const std::string_view> blocks,
               const std::vector<std::string>* values)
      : unit_(metric.unit), blocks_(blocks), values_(values) {
    head_.append(metric.name).append("{");
    const auto names = catalog::label_names(metric);
    for (std::size_t i = 0; i < names.size(); ++i)
      label_heads_[i].append(",").append(names[i]).append("=\"");
  }

  void add(BodyBuffer& body, const cgroup::Sample& sample) const {
    body.add(bound_of(sample), [&](char* at) { return write(at, sample); });
  }

 private:
  static constexpr std::string_view after_labels = "} ";

  [[nodiscard]] bool has_label(const cgroup::Sample& sample, std::size_t label) const {
    return label < label_heads_.size() && sample.labels[label] != cgroup::no_label;
  }

  [[nodiscard]] std::size_t bound_of(const cgroup::Sample& sample) const {
    std::size_t bound = head_.size() + blocks_[sample.cgroup].size() + after_labels.size() +
                        max_number_length + sizeof('\n');
    for (std::size_t i = 0; has_label(sample, i); ++i)
      bound += label_heads_[i].size() + (*values_)[sample.labels[i]].size() + sizeof('"');
    return bound;
  }

  char* write(char* at, const cgroup::Sample& sample) const {
    at = put(at, head_);
    at = put(at, blocks_[sample.cgroup]);
    for (std::size_t i = 0; has_label(sample, i); ++i) {
      at = put(at, label_heads_[i]);
      at = put(at, (*values_)[sample.labels[i]]);
      *at++ = '"';
    }
    at = put(at, after_labels);
    at = write_value(at, sample.bits, unit_);
    *at++ = '\n';
    return at;
  }

  catalog::Unit unit_;
  std::string head_;
  std::array<std::string, catalog::LabelNames().size()> label_heads_;
  std::span<const std::string_view> blocks_;  // by cgroup::CgroupIndex
  const std::vector<std::string>* values_;    // by cgroup::LabelId
};

void add_ledger(BodyBuffer& body, const catalog::Metric& metric, const LedgerText& ledger,
                Format format) {
  const std::string& lines = ledger.at(index(metric.source.ledger));
  if (lines.empty()) return;
  add_header(body, metric, format);
  body.add(lines);
}

// Families whose values are the labels themselves; the value is 1.
void add_info(BodyBuffer& body, const catalog::Metric& metric, const SampleChoice& choice,
              const LabelBlocks& labels, Format format) {
  bool has_header = false;
  cgroup::CgroupIndex cgroup = 0;
  for (const auto& of_cgroup : labels.of_cgroups()) {
    if (!choice.takes(cgroup++)) continue;
    const bool is_identity = metric.source.select == Select::identity;
    const std::string& more = is_identity ? of_cgroup->on_info : of_cgroup->on_namespaces;
    if (more.empty()) continue;
    if (!has_header) add_header(body, metric, format);
    has_header = true;
    body.add(metric.name);
    body.add("{");
    body.add(of_cgroup->on_series);
    body.add(more);
    body.add("} 1\n");
  }
}

void add_column(BodyBuffer& body, const catalog::Metric& metric, const SampleChoice& choice,
                std::span<const cgroup::Sample> column, const ColumnWriter& writer, Format format) {
  bool has_header = false;
  for (const cgroup::Sample& sample : column) {
    if (!choice.takes(sample)) continue;
    if (!has_header) add_header(body, metric, format);
    has_header = true;
    writer.add(body, sample);
  }
}

}  // namespace

void write_snapshot(const base::Sink& sink, const snapshot::Snapshot& snapshot,
                    const LabelBlocks& labels, const LedgerText& ledger,
                    const cgroup::CollectorSet& wanted, Format format) {
  BodyBuffer body(sink);
  const SeriesChoice series(snapshot, wanted);
  for (std::size_t i = 0; i < catalog::metric_count && body.is_wanted(); ++i) {
    const catalog::Metric& metric = catalog::metrics[i];
    const SampleChoice choice = series.of(i);
    if (choice.is_empty()) continue;
    if (metric.source.select == Select::identity || metric.source.select == Select::namespaces) {
      add_info(body, metric, choice, labels, format);
      continue;
    }
    if (metric.source.select == Select::ledger) {
      add_ledger(body, metric, ledger, format);
      continue;
    }
    const auto& column = snapshot.samples.columns[i];
    if (column.empty()) continue;
    const ColumnWriter writer(metric, labels.on_series(), snapshot.labels.get());
    add_column(body, metric, choice, column, writer, format);
  }
  body.flush();
}

void append_snapshot(std::string& out, const snapshot::Snapshot& snapshot,
                     const LabelBlocks& labels, const LedgerText& ledger,
                     const cgroup::CollectorSet& wanted, Format format) {
  const auto append = [&out](std::string_view text) {
    out += text;
    return true;
  };
  write_snapshot(append, snapshot, labels, ledger, wanted, format);
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

}  // namespace cgroup2::exposition
