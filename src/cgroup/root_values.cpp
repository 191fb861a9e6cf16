// SPDX-License-Identifier: Apache-2.0
#include "cgroup/root_values.h"

#include <algorithm>

#include "base/text.h"

namespace cgroup2::cgroup {
namespace {

// "kB" is KiB.
ProcValue in_bytes(std::uint64_t kib) {
  constexpr std::uint64_t most_kib = ~std::uint64_t{0} / 1024;
  if (kib > most_kib) return {.fault = Fault::malformed};
  return {.number = kib * 1024};
}

ProcValue parse_line(std::string_view rest) {
  const auto text = base::next_token(rest);
  const auto number = text ? base::parse_u64(*text) : std::nullopt;
  const auto unit = base::next_token(rest);
  if (!number || (unit && *unit != "kB")) return {.fault = Fault::malformed};
  return unit ? in_bytes(*number) : ProcValue{.number = number};
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

}  // namespace

ProcValue parse_proc_value(std::string_view text, std::string_view key, std::string_view member) {
  while (auto line = base::next_line(text)) {
    auto name = base::next_token(*line);
    if (!name) continue;
    if (name->ends_with(':')) name->remove_suffix(1);
    if (*name != key) continue;
    return member.empty() ? parse_line(*line) : parse_member(*line, member);
  }
  return {};
}

std::optional<std::uint64_t> RootValues::read_ram() {
  held_.clear();
  const auto& text = content_of("meminfo");
  if (!text) {
    errors_.add("meminfo", base::errno_name(text.error().code), "procfs");
    return std::nullopt;
  }
  const ProcValue total = parse_proc_value(*text, "MemTotal", {});
  if (!total.number) errors_.add("meminfo", to_string(Fault::malformed), "procfs");
  return total.number;
}

void RootValues::fill(const Destination& root, std::string_view controllers,
                      const CollectorSet& enabled) {
  for (const catalog::RootRow& row : catalog::root_rows) {
    const std::size_t metric = catalog::metric_index(row.metric);
    const catalog::Source& source = catalog::metrics[metric].source;
    auto& column = root.columns->columns[metric];
    const auto is_of_root = [&](const Sample& sample) { return sample.owner == root.owner; };
    if ((!row.controller.empty() && !base::has_word(controllers, row.controller, " \n")) ||
        std::ranges::any_of(column, is_of_root)) {
      continue;
    }
    const auto value = value_of(row);
    if (!value) continue;
    if (enabled.test(index(*catalog::metrics[metric].collector)))
      column.insert(column.begin(), {root.owner, no_labels, *value});
    for (const catalog::InputRow& input : catalog::inputs) {
      if (input.source.file == source.file && input.source.select == source.select)
        root.inputs->set(input.input, *value);
    }
  }
}

const base::Result<std::string>& RootValues::content_of(std::string_view file) {
  if (held_ != file) {
    held_ = file;
    // To its end: vmstat is many records, of which one read(2) gives about a page; 7.3 has 5 kB.
    content_ = procfs_.read_all_at(held_.c_str(), std::size_t{1} << 20);
  }
  return content_;
}

std::optional<std::uint64_t> RootValues::value_of(const catalog::RootRow& row) {
  const auto& text = content_of(row.file);
  if (!text) {
    const int code = text.error().code;
    // Without meminfo read_ram() has said so.
    if (!base::is_absence(code) && row.file != "meminfo")
      errors_.add(row.file, base::errno_name(code), "procfs");
    return std::nullopt;
  }
  const auto value = parse(row.file, *text, row.key, row.member);
  if (!value || row.minus.empty()) return value;
  const auto minus = parse(row.file, *text, row.minus);
  if (!minus || *minus > *value) return std::nullopt;
  return *value - *minus;
}

std::optional<std::uint64_t> RootValues::parse(std::string_view file, std::string_view text,
                                               std::string_view key, std::string_view member) {
  const ProcValue value = parse_proc_value(text, key, member);
  if (value.fault == Fault::none) return value.number;
  errors_.add(file, to_string(value.fault), "procfs");
  return std::nullopt;
}

}  // namespace cgroup2::cgroup
