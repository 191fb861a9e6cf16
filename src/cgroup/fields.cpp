// SPDX-License-Identifier: Apache-2.0
#include "cgroup/fields.h"

#include "catalog/memory_stat.h"
#include "catalog/rules.h"

namespace cgroup2::cgroup {

using catalog::KeyClass;
using catalog::Notation;
using catalog::Select;
using catalog::Shape;

namespace {

// What a target's keys or members must begin with, not shown in the label.
std::string_view prefix_of(const catalog::Source& source) {
  if (source.select == Select::keys) return source.key;
  return source.select == Select::members ? source.member : std::string_view{};
}

bool is_longer_than(std::string_view key, std::string_view prefix) {
  return key.size() > prefix.size() && key.starts_with(prefix);
}

}  // namespace

Fields::Fields(const InterfaceFile& file, const Selection& selection, Labels& labels,
               Devices& devices)
    : file_(file.in_catalog()), selection_(selection), labels_(labels), devices_(devices) {
  if (!file.star.empty()) {
    const auto star = labels_.intern(file.star);
    if (!star) return;  // without its label the samples of two files would be the same
    star_ = *star;
  }
  for (std::size_t i = 0; i < catalog::metric_count; ++i) {
    const catalog::Metric& metric = catalog::metrics[i];
    if (metric.source.file == file_.name && metric.source.select != Select::derived)
      add_target({metric.source, i, {}}, *metric.collector);
  }
  for (const catalog::InputRow& row : catalog::inputs) {
    if (row.source.file != file_.name) continue;
    const std::size_t before = targets_.size();
    for (const catalog::Metric& metric : catalog::metrics) {
      const bool is_for = metric.source.select == Select::derived &&
                          catalog::uses(metric.source.derivation, row.input);
      if (is_for) add_target({row.source, {}, row.input}, *metric.collector);
    }
    if (targets_.size() == before) continue;
    targets_.resize(before + 1);  // one is enough for all that is derived of it
    is_for_descendants_ = is_for_descendants_ || row.is_of_ancestors;
  }
}

void Fields::add_target(const Target& target, catalog::Collector collector) {
  if (!selection_.enabled.test(index(collector))) return;
  targets_.push_back(target);
  collectors_.set(index(collector));
}

Fault Fields::extract(std::string_view text, const Destination& to) {
  const auto fault_of = [&] {
    if (text.empty()) return file_.may_be_empty ? Fault::none : Fault::empty;
    switch (file_.shape) {
      case Shape::single_value:
        return extract_value(text, to);
      case Shape::space_separated:
        return extract_quota(text, to);
      case Shape::flat_keyed:
        return extract_flat(text, to);
      case Shape::nested_keyed:
        return extract_nested(text, to);
      case Shape::members:
        return extract_members(text, to);
      case Shape::text:
        return extract_text(text, to);
      case Shape::words:
        return extract_words(text, to);
      case Shape::ranges:
        return extract_ranges(text, to);
    }
    return Fault::malformed;
  };
  const Fault fault = fault_of();
  if (fault != Fault::none) fail_inputs(*to.inputs);
  return fault;
}

void Fields::fail_inputs(Inputs& inputs) const {
  for (const Target& target : targets_) {
    if (target.input && !inputs.is_present(*target.input)) inputs.fail(*target.input);
  }
}

Fault Fields::extract_value(std::string_view text, const Destination& to) const {
  Fault fault = Fault::none;
  const auto line = only_line(text, fault);
  if (fault == Fault::none && line.empty()) fault = Fault::empty;
  if (fault != Fault::none) return fault;
  for (const Target& target : targets_)
    fault = first_of(fault, take(target, with_star(), line, to));
  return fault;
}

Fault Fields::extract_quota(std::string_view text, const Destination& to) const {
  const Quota quota = parse_quota(text);
  if (quota.fault != Fault::none) return quota.fault;
  for (const Target& target : targets_) {
    if (target.source.select == Select::second) push(target, with_star(), quota.period, to);
    if (target.source.select != Select::ratio || quota.is_max) continue;
    const double ratio = static_cast<double>(quota.quota) / static_cast<double>(quota.period);
    push(target, with_star(), to_bits(ratio), to);
  }
  return Fault::none;
}

Fault Fields::extract_flat(std::string_view text, const Destination& to) {
  keys_.clear();
  std::size_t position = 0;
  return parse_flat_keyed(text, [&](std::string_view key, std::string_view value) {
    const bool is_device = is_device_number(key);
    const auto label = is_device ? devices_.label_of(key) : intern_at(position, key);
    ++position;
    if (!label) return Fault::too_many_keys;
    if (!keys_.insert(*label)) return Fault::duplicate;
    Fault fault = Fault::none;
    if (is_device) {
      for (const Target& target : targets_) {
        if (target.source.keys != KeyClass::device) continue;
        fault = first_of(fault, take(target, with_star(*label), value, to));
      }
      return fault;
    }
    const auto* ways = ways_of(*label);
    if (ways == nullptr) return Fault::too_many_keys;
    for (const Way& way : *ways) {
      const bool is_shown = way.target->source.select == Select::keys;
      const LabelIds labels = with_star(is_shown ? way.label : no_label);
      fault = first_of(fault, take(*way.target, labels, value, to));
    }
    return fault;
  });
}

Fault Fields::extract_nested(std::string_view text, const Destination& to) {
  keys_.clear();
  std::size_t position = 0;
  std::string_view line_key;
  LabelId line = no_label;
  const auto begin = [&](std::string_view key, std::string_view first) {
    if (is_of_key(first)) {
      key_ = key;
      key_ += ' ';
      key_ += first;
      key = key_;
    }
    line_key = key;
    const auto label = is_device_number(key) ? devices_.label_of(key) : intern_at(position, key);
    ++position;
    if (!label) return Fault::too_many_keys;
    line = *label;
    members_.clear();
    return keys_.insert(line) ? Fault::none : Fault::duplicate;
  };
  const auto visit = [&](std::string_view member, std::string_view value) {
    const auto label = intern_at(position++, member);
    const auto* ways = label ? ways_of(*label) : nullptr;
    if (ways == nullptr) return Fault::too_many_keys;
    if (!members_.insert(*label)) return Fault::duplicate;
    Fault fault = Fault::none;
    for (const Way& way : *ways) {
      const catalog::Source& source = way.target->source;
      if (source.select == Select::member && source.key != line_key) continue;
      if (source.keys != KeyClass::any && source.keys != class_of(line)) continue;
      if (source.select == Select::each_text) {
        fault = first_of(fault, take_text(*way.target, line, value, to));
        continue;
      }
      const LabelIds labels = source.select == Select::member    ? with_star()
                              : source.select == Select::members ? with_star(line, way.label)
                                                                 : with_star(line);
      fault = first_of(fault, take(*way.target, labels, value, to));
    }
    return fault;
  };
  return parse_nested_keyed(text, begin, visit);
}

Fault Fields::extract_members(std::string_view text, const Destination& to) {
  Fault fault = Fault::none;
  const auto line = only_line(text, fault);
  if (fault != Fault::none) return fault;
  members_.clear();
  std::size_t position = 0;
  return parse_members(line, [&](std::string_view member, std::string_view value) {
    const auto label = intern_at(position++, member);
    const auto* ways = label ? ways_of(*label) : nullptr;
    if (ways == nullptr) return Fault::too_many_keys;
    if (!members_.insert(*label)) return Fault::duplicate;
    Fault taken = Fault::none;
    for (const Way& way : *ways)
      taken = first_of(taken, take(*way.target, with_star(way.label), value, to));
    return taken;
  });
}

Fault Fields::extract_text(std::string_view text, const Destination& to) {
  Fault fault = Fault::none;
  const auto line = only_line(text, fault);
  if (fault == Fault::none && line.empty()) fault = Fault::empty;
  if (fault != Fault::none) return fault;
  for (const Target& target : targets_)
    fault = first_of(fault, take_text(target, std::nullopt, line, to));
  return fault;
}

Fault Fields::extract_words(std::string_view text, const Destination& to) {
  Fault fault = Fault::none;
  auto line = only_line(text, fault);
  if (fault != Fault::none) return fault;
  keys_.clear();
  std::size_t position = 0;
  while (const auto word = base::next_token(line)) {
    const auto label = is_plausible_key(*word) ? intern_at(position++, *word) : std::nullopt;
    const bool is_new = label && keys_.insert(*label);
    if (!is_new) {
      fault = first_of(fault, !is_plausible_key(*word) ? Fault::malformed
                              : !label                 ? Fault::too_many_keys
                                                       : Fault::duplicate);
      continue;
    }
    for (const Target& target : targets_) push(target, with_star(*label), 1, to);
  }
  return fault;
}

Fault Fields::extract_ranges(std::string_view text, const Destination& to) {
  Fault fault = Fault::none;
  const auto line = only_line(text, fault);
  if (fault != Fault::none) return fault;
  const Ranges ranges = parse_ranges(line);
  if (ranges.fault != Fault::none) return ranges.fault;
  for (const Target& target : targets_) {
    const bool is_number =
        target.source.select == Select::count && target.source.notation == Notation::number;
    if (ranges.count == 0 && !is_number) continue;
    if (target.source.select == Select::count) {
      push(target, with_star(), ranges.count, to);
    } else {
      fault = first_of(fault, take_text(target, std::nullopt, line, to));
    }
  }
  return fault;
}

// Devices of one name in several network namespaces differ by it.
bool Fields::is_of_key(std::string_view member) const {
  const std::string_view name = file_.key_member;
  return !name.empty() && member.starts_with(name) && member.substr(name.size()).starts_with('=') &&
         is_plausible_key(member);
}

std::optional<LabelId> Fields::intern_at(std::size_t position, std::string_view key) {
  if (position < last_at_.size() && last_at_[position] != no_label &&
      labels_.text(last_at_[position]) == key) {
    return last_at_[position];
  }
  const auto label = labels_.intern(key);
  if (!label) return std::nullopt;
  if (position >= last_at_.size()) last_at_.resize(position + 1, no_label);
  last_at_[position] = *label;
  return label;
}

// Nothing if a label of a way is one too many.
const std::vector<Fields::Way>* Fields::ways_of(LabelId key) {
  if (key >= ways_.size()) ways_.resize(key + 1);
  auto& known = ways_[key];
  if (known) return &*known;
  std::vector<Way> ways;
  for (const Target& target : targets_) {
    if (!takes(target, key)) continue;
    const auto label = labels_.intern(labels_.text(key).substr(prefix_of(target.source).size()));
    if (!label) return nullptr;
    ways.push_back({&target, *label});
  }
  known = std::move(ways);
  return &*known;
}

bool Fields::takes(const Target& target, LabelId key) {
  const catalog::Source& source = target.source;
  const std::string_view text = labels_.text(key);
  switch (source.select) {
    case Select::key:
      return source.key == text;
    case Select::keys:
      return is_longer_than(text, source.key) &&
             (source.keys == KeyClass::any || source.keys == class_of(key));
    case Select::member:
    case Select::each:
    case Select::each_text:
      return source.member == text;
    case Select::members:
      return is_longer_than(text, source.member);
    default:
      return false;
  }
}

catalog::KeyClass Fields::class_of(LabelId key) {
  if (key >= classes_.size()) classes_.resize(key + 1);
  auto& known = classes_[key];
  if (!known) {
    const std::string_view text = labels_.text(key);
    const bool is_wanted = !selection_.takes_stat_key || selection_.takes_stat_key(text);
    known = is_wanted ? catalog::classify_memory_stat(text) : KeyClass::unwanted;
  }
  return *known;
}

LabelIds Fields::with_star(LabelId label, LabelId more) const {
  if (star_ == no_label) return {label, more};
  return {star_, label};
}

Fault Fields::take(const Target& target, const LabelIds& labels, std::string_view text,
                   const Destination& to) {
  const Value value = parse_value(text, target.source.notation);
  if (value.fault != Fault::none || value.is_absent) return value.fault;
  push(target, labels, value.bits, to);
  return Fault::none;
}

Fault Fields::take_text(const Target& target, std::optional<LabelId> line, std::string_view text,
                        const Destination& to) {
  constexpr std::size_t longest = 4096;
  if (text.empty() || text.size() > longest) return Fault::malformed;
  // Whoever may set a cpuset chooses the lists: they must leave numbers to keys and devices.
  const auto label = labels_.is_crowded() ? std::nullopt : labels_.intern(text);
  if (!label) return Fault::too_many_keys;
  push(target, line ? with_star(*line, *label) : with_star(*label), 1, to);
  return Fault::none;
}

void Fields::push(const Target& target, const LabelIds& labels, std::uint64_t bits,
                  const Destination& to) {
  if (target.input) to.inputs->set(*target.input, bits);
  if (target.metric && to.columns != nullptr)
    to.columns->columns[*target.metric].push_back({to.owner, labels, bits});
}

}  // namespace cgroup2::cgroup
