// SPDX-License-Identifier: Apache-2.0
#include "exposition/cadvisor_text.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "catalog/cadvisor.h"
#include "exposition/body_buffer.h"
#include "exposition/cadvisor_values.h"
#include "exposition/header.h"
#include "exposition/number.h"

namespace cgroup2::exposition {
namespace {

using catalog::CadvisorRow;

// Writes the samples of one row. What they share is prepared once.
class RowWriter {
 public:
  RowWriter(const CadvisorRow& row, catalog::Unit unit) : unit_(unit) {
    head_.append(row.name).append("{");
    for (const catalog::CadvisorLabel& label : row.labels) {
      if (label.name.empty()) continue;
      std::string& text = fixed_[catalog::place_of(label.name)];
      text.append(",").append(label.name).append("=\"").append(label.value).append("\"");
    }
    if (row.source.label.empty()) return;
    place_ = catalog::place_of(row.source.label);
    own_.append(",").append(row.source.label).append("=\"");
    prefix_ = row.source.prefix;
  }

  // `own` is the value of the label that each sample has of its own, if the row has one.
  void add(BodyBuffer& body, const CadvisorLabels& labels, std::string_view own,
           std::uint64_t bits) const {
    body.add(bound_of(labels, own), [&](char* at) { return write(at, labels, own, bits); });
  }

 private:
  static constexpr std::string_view after_labels = "} ";
  static constexpr std::size_t no_place = 4;

  [[nodiscard]] std::size_t bound_of(const CadvisorLabels& labels, std::string_view own) const {
    std::size_t bound = head_.size() + labels.text.size() + own_.size() + prefix_.size() +
                        own.size() + sizeof('"') + after_labels.size() + max_number_length +
                        sizeof('\n');
    for (const std::string& text : fixed_) bound += text.size();
    return bound;
  }

  char* write(char* at, const CadvisorLabels& labels, std::string_view own,
              std::uint64_t bits) const {
    at = put(at, head_);
    const std::string_view text = labels.text;
    std::size_t begin = 0;
    for (std::size_t place = 0; place < fixed_.size(); ++place) {
      if (fixed_[place].empty() && place != place_) continue;
      const std::size_t end = place < labels.cuts.size() ? labels.cuts[place] : text.size();
      at = put(at, text.substr(begin, end - begin));
      begin = end;
      at = put(at, fixed_[place]);
      if (place == place_) at = write_own(at, own);
    }
    at = put(at, text.substr(begin));
    at = put(at, after_labels);
    at = write_value(at, bits, unit_);
    *at++ = '\n';
    return at;
  }

  // A device of which the kernel only gives the number has no name below /dev.
  char* write_own(char* at, std::string_view own) const {
    at = put(at, own_);
    if (own.find(':') == std::string_view::npos) at = put(at, prefix_);
    at = put(at, own);
    *at++ = '"';
    return at;
  }

  catalog::Unit unit_;
  std::string head_;
  std::array<std::string, 4> fixed_;  // labels that all have, by catalog::place_of()
  std::size_t place_ = no_place;      // of the label that each has of its own
  std::string own_;                   // that label, as far as its value
  std::string prefix_;                // of that value
};

class CadvisorWriter {
 public:
  CadvisorWriter(BodyBuffer& body, const snapshot::Snapshot& snapshot, const CadvisorBlocks& blocks,
                 std::chrono::seconds now)
      : body_(body), snapshot_(snapshot), blocks_(blocks), now_(now) {}

  void add(const CadvisorRow& row) {
    if (!row.help.empty()) help_ = row.help;
    if (row.source.value == catalog::CadvisorValue::zero) {
      add_header(row);
      body_.add(row.name);
      body_.add(" 0\n");
    } else if (!row.source.label.empty()) {
      add_each(row);
    } else {
      add_one_each(row);
    }
  }

 private:
  // Adds one sample for each cgroup.
  void add_one_each(const CadvisorRow& row) {
    CadvisorValues values(snapshot_, row.source, now_);
    const RowWriter writer(row, values.unit());
    for (cgroup::CgroupIndex cgroup = 0; cgroup < blocks_.size(); ++cgroup) {
      const CadvisorLabels& labels = *blocks_[cgroup];
      if (labels.text.empty()) continue;
      const auto value = values.of(cgroup);
      if (!value) continue;
      add_header(row);
      writer.add(body_, labels, {}, *value);
    }
  }

  // Adds one sample for each device, or whatever else has a sample in the native column.
  void add_each(const CadvisorRow& row) {
    const RowWriter writer(row, catalog::metrics[row.source.metric].unit);
    const ColumnCursor wanted(snapshot_, row.source.metric, row.source.key);
    for (const cgroup::Sample& sample : snapshot_.samples.columns[row.source.metric]) {
      const CadvisorLabels& labels = *blocks_[sample.cgroup];
      if (labels.text.empty() || !wanted.takes(sample)) continue;
      add_header(row);
      writer.add(body_, labels, (*snapshot_.labels)[sample.labels[0]], sample.bits);
    }
  }

  // Stands above the first sample of a family, whose rows follow each other.
  void add_header(const CadvisorRow& row) {
    if (headed_ == row.name) return;
    headed_ = row.name;
    const bool is_counter = row.type == catalog::MetricType::counter;
    std::string header;
    append_header(header, row.name, is_counter ? "counter" : "gauge", help_, Format::text);
    body_.add(header);
  }

  BodyBuffer& body_;
  const snapshot::Snapshot& snapshot_;
  const CadvisorBlocks& blocks_;
  std::chrono::seconds now_;
  std::string_view headed_;  // the family that has its header
  std::string_view help_;    // of the family, which its first row has
};

bool is_wanted(const CadvisorRow& row, const cgroup::CollectorSet& wanted) {
  return row.source.metric == catalog::metric_count ||
         wanted.test(index(*catalog::metrics[row.source.metric].collector));
}

}  // namespace

void write_cadvisor(const base::Sink& sink, const snapshot::Snapshot& snapshot,
                    const CadvisorBlocks& blocks, const cgroup::CollectorSet& wanted,
                    std::chrono::seconds now) {
  BodyBuffer body(sink);
  CadvisorWriter writer(body, snapshot, blocks, now);
  for (const CadvisorRow& row : catalog::cadvisor_rows) {
    if (!body.is_wanted()) break;
    if (is_wanted(row, wanted & snapshot.enabled)) writer.add(row);
  }
  body.flush();
}

}  // namespace cgroup2::exposition
