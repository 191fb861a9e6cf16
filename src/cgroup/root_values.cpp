// SPDX-License-Identifier: Apache-2.0
#include "cgroup/root_values.h"

#include <algorithm>

#include "base/procfs.h"
#include "base/text.h"

namespace cgroup2::cgroup {
namespace {

ProcValue parse_line(std::string_view rest) {
  const auto number = base::parse_size(rest);
  return {.fault = number ? Fault::none : Fault::malformed, .number = number};
}

ProcValue parse_member(std::string_view rest, std::string_view member) {
  ProcValue value;
  value.fault = parse_members(rest, [&](std::string_view name, std::string_view text) {
    if (name != member) return Fault::none;
    value.number = base::parse_u64(text);
    return value.number ? Fault::none : Fault::malformed;
  });
  return value;
}

bool is_same_field(const catalog::ValueSource& a, const catalog::ValueSource& b) {
  return a.file == b.file && a.select == b.select;
}

// Those that lack something without the metric's value: its own, and those of what is derived of
// it.
CollectorSet collectors_of(const catalog::Metric& metric) {
  CollectorSet collectors;
  collectors.set(index(*metric.collector));
  for (const catalog::InputRow& input : catalog::inputs) {
    if (!is_same_field(input.source, metric.source)) continue;
    for (const catalog::Metric& other : catalog::metrics) {
      const bool is_derived = other.source.select == catalog::Select::derived &&
                              catalog::uses(other.source.derivation, input.input);
      if (is_derived) collectors.set(index(*other.collector));
    }
  }
  return collectors;
}

}  // namespace

ProcValue parse_proc_value(std::string_view text, std::string_view key, std::string_view member) {
  const auto value = base::find_value(text, key);
  if (!value) return {};
  return member.empty() ? parse_line(*value) : parse_member(*value, member);
}

std::optional<std::uint64_t> RootValues::read_ram() {
  held_.clear();
  const auto& text = content_of("meminfo");
  if (!text) {
    errors_.add("meminfo", base::errno_name(text.error().code), "procfs");
    return std::nullopt;
  }
  const auto total = base::find_total_memory(*text);
  if (!total) errors_.add("meminfo", to_string(Fault::malformed), "procfs");
  return total;
}

bool RootValues::has_swap() const {
  if (!procfs_.is_of_filesystem("swaps")) return true;
  char buffer[512];
  const auto text = procfs_.read_at("swaps", buffer);
  if (!text || !text->starts_with("Filename")) return true;
  return text->find('\n') + 1 != text->size();  // more than the heading
}

CollectorSet RootValues::fill(const Destination& root, std::string_view controllers,
                              const CollectorSet& enabled) {
  CollectorSet failed;
  for (const catalog::RootRow& row : catalog::root_rows) {
    const std::size_t at = catalog::metric_index(row.metric);
    const catalog::Metric& metric = catalog::metrics[at];
    const CollectorSet concerned = collectors_of(metric) & enabled;
    auto& column = root.columns->columns[at];
    const auto is_of_root = [&](const Sample& sample) { return sample.cgroup == root.cgroup; };
    if (concerned.none() ||
        (!row.controller.empty() && !base::has_word(controllers, row.controller, " \n")) ||
        std::ranges::any_of(column, is_of_root)) {
      continue;
    }
    const RowValue value = value_of(row);
    if (value.has_failed) failed |= concerned;
    if (!value.number) continue;
    if (enabled.test(index(*metric.collector)))
      column.insert(column.begin(), {root.cgroup, no_labels, *value.number});
    for (const catalog::InputRow& input : catalog::inputs) {
      if (is_same_field(input.source, metric.source)) root.inputs->set(input.input, *value.number);
    }
  }
  return failed;
}

const base::Result<std::string>& RootValues::content_of(std::string_view file) {
  if (held_ != file) {
    held_ = file;
    // To its end: vmstat is many records, of which one read(2) gives about a page; 7.3 has 5 kB.
    content_ = procfs_.read_all_at(held_.c_str(), std::size_t{1} << 20);
  }
  return content_;
}

RootValues::RowValue RootValues::value_of(const catalog::RootRow& row) {
  const auto& text = content_of(row.file);
  if (!text) {
    if (row.file == "meminfo") return {.has_failed = true};  // read_ram() has counted it
    const int code = text.error().code;
    if (base::is_absence(code)) return {};
    errors_.add(row.file, base::errno_name(code), "procfs");
    return {.has_failed = true};
  }
  const RowValue value = parse(row.file, *text, row.key, row.member);
  if (!value.number || row.minus.empty()) return value;
  const RowValue minus = parse(row.file, *text, row.minus);
  if (!minus.number || *minus.number > *value.number) return {.has_failed = minus.has_failed};
  return {.number = *value.number - *minus.number};
}

RootValues::RowValue RootValues::parse(std::string_view file, std::string_view text,
                                       std::string_view key, std::string_view member) {
  const ProcValue value = parse_proc_value(text, key, member);
  if (value.fault == Fault::none) return {.number = value.number};
  errors_.add(file, to_string(value.fault), "procfs");
  return {.has_failed = true};
}

}  // namespace cgroup2::cgroup
