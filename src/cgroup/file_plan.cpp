// SPDX-License-Identifier: Apache-2.0
#include "cgroup/file_plan.h"

#include "catalog/rules.h"

namespace cgroup2::cgroup {

using catalog::KeyClass;
using catalog::Notation;
using catalog::Select;
using catalog::Shape;

FilePlan::FilePlan(const InterfaceFile& file, const Selection& selection, LabelTable& labels,
                   Devices& devices)
    : file_(file.in_catalog()), labels_(labels), devices_(devices), bindings_(selection, labels) {
  if (!file.star.empty()) {
    const auto star = labels_.intern(file.star);
    if (!star) return;  // without its label the samples of two files would be the same
    star_ = *star;
  }
  for (std::size_t i = 0; i < catalog::metric_count; ++i) {
    const catalog::Metric& metric = catalog::metrics[i];
    if (metric.source.file != file_.name || metric.source.select == Select::derived ||
        !selection.reads(i)) {
      continue;
    }
    bindings_.add({metric.source, i, {}});
    collectors_.set(index(*metric.collector));
    is_of_parents_ =
        is_of_parents_ && selection.narrowed.test(i) && metric.lean == catalog::Lean::parents;
  }
  for (const catalog::InputRow& row : catalog::inputs) {
    if (row.source.file != file_.name) continue;
    bool is_needed = false;
    for (std::size_t i = 0; i < catalog::metric_count; ++i) {
      const catalog::Metric& metric = catalog::metrics[i];
      if (metric.source.select != Select::derived ||
          !catalog::uses(metric.source.derivation, row.input) || !selection.reads(i)) {
        continue;
      }
      collectors_.set(index(*metric.collector));
      is_needed = true;
    }
    if (!is_needed) continue;
    only_with_ = bindings_.targets().empty() ? row.only_with : std::nullopt;
    bindings_.add({row.source, {}, row.input});
    is_for_descendants_ = is_for_descendants_ || row.is_of_ancestors;
    is_of_parents_ = false;
  }
}

Fault FilePlan::extract(std::string_view text, const Destination& to) {
  is_repeated_ = false;
  has_value_ = false;
  const Fault empty = file_.may_be_empty ? Fault::none : Fault::empty;
  const Fault fault = text.empty() ? empty : extract_shape(text, to);
  if (fault != Fault::none) fail_inputs(*to.inputs);
  has_lost_all_ = fault != Fault::none && !has_value_ && !file_.may_be_empty;
  return fault;
}

Fault FilePlan::extract_shape(std::string_view text, const Destination& to) {
  switch (file_.shape) {
    case Shape::single_value:
    case Shape::text:
      return extract_line(text, to);
    case Shape::space_separated:
      return extract_quota(text, to);
    case Shape::flat_keyed:
      return extract_flat(text, to);
    case Shape::nested_keyed:
      return extract_nested(text, to);
    case Shape::members:
      return extract_members(text, to);
    case Shape::words:
      return extract_words(text, to);
    case Shape::ranges:
      return extract_ranges(text, to);
  }
  return Fault::malformed;
}

void FilePlan::fail_inputs(Inputs& inputs) const {
  for (const Target& target : bindings_.targets()) {
    if (target.input && !inputs.is_present(*target.input)) inputs.fail(*target.input);
  }
}

Fault FilePlan::extract_line(std::string_view text, const Destination& to) {
  Fault fault = Fault::none;
  const auto line = first_line(text, fault);
  auto rest = line;
  const auto value = base::next_token(rest);
  if (fault == Fault::none && !value) fault = Fault::empty;
  if (fault != Fault::none) return fault;
  for (const Target& target : bindings_.targets()) {
    const bool is_text = target.source.select == Select::text;
    fault = first_of(fault, is_text ? take_text(target, std::nullopt, line, to)
                                    : take(target, with_star(), *value, to));
  }
  return fault;
}

Fault FilePlan::extract_quota(std::string_view text, const Destination& to) {
  const Quota quota = parse_quota(text);
  if (quota.fault != Fault::none) return quota.fault;
  const double ratio = static_cast<double>(quota.quota) / static_cast<double>(quota.period);
  Fault fault = Fault::none;
  for (const Target& target : bindings_.targets()) {
    const bool is_ratio = target.source.select == Select::ratio;
    if (is_ratio && quota.is_max) continue;
    const auto bits = is_ratio ? to_bits(ratio) : quota.period;
    fault = first_of(fault, push(target, with_star(), bits, to));
  }
  return fault;
}

Fault FilePlan::extract_flat(std::string_view text, const Destination& to) {
  keys_.clear();
  std::size_t position = 0;
  return parse_flat_keyed(text, [&](std::string_view key, std::string_view value) {
    const bool is_device = is_device_number(key);
    const auto label = is_device ? devices_.label_of(key) : bindings_.intern_at(position, key);
    ++position;
    if (!label) return Fault::too_many_keys;
    is_repeated_ = !keys_.insert(*label);
    Fault fault = Fault::none;
    if (is_device) {
      for (const Target& target : bindings_.targets()) {
        if (target.source.keys != KeyClass::device) continue;
        fault = first_of(fault, take(target, with_star(*label), value, to));
      }
      return fault;
    }
    const auto* bindings = bindings_.of(*label);
    if (bindings == nullptr) return Fault::too_many_keys;
    for (const Binding& binding : *bindings) {
      const bool is_shown = binding.target->source.select == Select::keys;
      const LabelIds labels = with_star(is_shown ? binding.label : no_label);
      fault = first_of(fault, take(*binding.target, labels, value, to));
    }
    return fault;
  });
}

Fault FilePlan::extract_nested(std::string_view text, const Destination& to) {
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
    const auto label =
        is_device_number(key) ? devices_.label_of(key) : bindings_.intern_at(position, key);
    ++position;
    if (!label) return Fault::too_many_keys;
    line = *label;
    members_.clear();
    is_repeated_ = !keys_.insert(line);
    return Fault::none;
  };
  const auto visit = [&](std::string_view member, std::string_view value) {
    const auto label = bindings_.intern_at(position++, member);
    const auto* bindings = label ? bindings_.of(*label) : nullptr;
    if (bindings == nullptr) return Fault::too_many_keys;
    if (!members_.insert(*label)) return Fault::duplicate;
    Fault fault = Fault::none;
    for (const Binding& binding : *bindings) {
      const catalog::ValueSource& source = binding.target->source;
      if (source.select == Select::member && source.key != line_key) continue;
      if (source.keys != KeyClass::any && source.keys != bindings_.class_of(line)) continue;
      if (source.select == Select::each_text) {
        fault = first_of(fault, take_text(*binding.target, line, value, to));
        continue;
      }
      const LabelIds labels = source.select == Select::member    ? with_star()
                              : source.select == Select::members ? with_star(line, binding.label)
                                                                 : with_star(line);
      fault = first_of(fault, take(*binding.target, labels, value, to));
    }
    return fault;
  };
  return parse_nested_keyed(text, begin, visit);
}

Fault FilePlan::extract_members(std::string_view text, const Destination& to) {
  Fault fault = Fault::none;
  const auto line = first_line(text, fault);
  if (fault != Fault::none) return fault;
  members_.clear();
  std::size_t position = 0;
  return parse_members(line, [&](std::string_view member, std::string_view value) {
    const auto label = bindings_.intern_at(position++, member);
    const auto* bindings = label ? bindings_.of(*label) : nullptr;
    if (bindings == nullptr) return Fault::too_many_keys;
    if (!members_.insert(*label)) return Fault::duplicate;
    Fault taken = Fault::none;
    for (const Binding& binding : *bindings)
      taken = first_of(taken, take(*binding.target, with_star(binding.label), value, to));
    return taken;
  });
}

Fault FilePlan::extract_words(std::string_view text, const Destination& to) {
  Fault fault = Fault::none;
  auto line = first_line(text, fault);
  if (fault != Fault::none) return fault;
  keys_.clear();
  std::size_t position = 0;
  while (const auto word = base::next_token(line)) {
    const bool is_word = is_plausible_key(*word);
    const auto label = is_word ? bindings_.intern_at(position++, *word) : std::nullopt;
    if (!label) {
      fault = first_of(fault, is_word ? Fault::too_many_keys : Fault::malformed);
      continue;
    }
    is_repeated_ = !keys_.insert(*label);
    for (const Target& target : bindings_.targets())
      fault = first_of(fault, push(target, with_star(*label), 1, to));
  }
  return fault;
}

Fault FilePlan::extract_ranges(std::string_view text, const Destination& to) {
  Fault fault = Fault::none;
  auto line = first_line(text, fault);
  if (fault != Fault::none) return fault;
  const auto list = base::next_token(line).value_or("");
  const Ranges ranges = parse_ranges(list);
  if (ranges.fault != Fault::none) return ranges.fault;
  for (const Target& target : bindings_.targets()) {
    const bool is_number =
        target.source.select == Select::count && target.source.notation == Notation::number;
    if (ranges.count == 0 && !is_number) continue;
    if (target.source.select == Select::count) {
      fault = first_of(fault, push(target, with_star(), ranges.count, to));
    } else {
      fault = first_of(fault, take_text(target, std::nullopt, list, to));
    }
  }
  return fault;
}

// Says whether a member is a part of the key: devices of one name in several network namespaces
// differ by it.
bool FilePlan::is_of_key(std::string_view member) const {
  const std::string_view name = file_.key_member;
  return !name.empty() && member.starts_with(name) && member.substr(name.size()).starts_with('=') &&
         is_plausible_key(member);
}

LabelIds FilePlan::with_star(LabelId label, LabelId more) const {
  if (star_ == no_label) return {label, more};
  return {star_, label};
}

Fault FilePlan::take(const Target& target, const LabelIds& labels, std::string_view text,
                     const Destination& to) {
  const Value value = parse_value(text, target.source.notation);
  if (value.fault != Fault::none) return value.fault;
  has_value_ = true;
  return value.is_absent ? Fault::none : push(target, labels, value.bits, to);
}

Fault FilePlan::take_text(const Target& target, std::optional<LabelId> line, std::string_view text,
                          const Destination& to) {
  constexpr std::size_t max_size = 4096;
  if (text.empty() || text.size() > max_size) return Fault::malformed;
  // Leaves numbers to keys and devices: whoever may set a cpuset chooses how many lists there are.
  const auto label = labels_.is_crowded() ? std::nullopt : labels_.intern(text);
  if (!label) return Fault::too_many_keys;
  return push(target, line ? with_star(*line, *label) : with_star(*label), 1, to);
}

Fault FilePlan::push(const Target& target, const LabelIds& labels, std::uint64_t bits,
                     const Destination& to) {
  const std::size_t at = target.input
                             ? catalog::metric_count + static_cast<std::size_t>(*target.input)
                             : *target.metric;
  const FileValue value{static_cast<std::uint16_t>(at), 0, labels, bits};
  has_value_ = true;
  if (is_repeated_) {
    const auto how =
        target.metric ? repeated(catalog::metrics[*target.metric]) : catalog::Repeated::refused;
    if (how == catalog::Repeated::refused) return Fault::duplicate;
    merge(value, how, to);
    return Fault::none;
  }
  cgroup::push(value, to);
  if (to.values != nullptr) to.values->push_back(value);
  return Fault::none;
}

}  // namespace cgroup2::cgroup
