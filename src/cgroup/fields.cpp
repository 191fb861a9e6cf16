// SPDX-License-Identifier: Apache-2.0
#include "cgroup/fields.h"

#include "catalog/memory_stat.h"

namespace cgroup2::cgroup {

using catalog::Select;

Fields::Fields(std::size_t file, Labels& labels, Devices& devices)
    : file_(catalog::files[file]), labels_(labels), devices_(devices) {
  for (std::size_t i = 0; i < catalog::metric_count; ++i) {
    const catalog::Source& source = catalog::metrics[i].source;
    if (source.file == file_.name && source.select != Select::derived)
      targets_.push_back({source, i, {}});
  }
  for (const catalog::InputRow& row : catalog::inputs) {
    if (row.source.file != file_.name) continue;
    targets_.push_back({row.source, {}, row.input});
    is_for_descendants_ = is_for_descendants_ || row.is_of_ancestors;
  }
}

Fault Fields::extract(std::string_view text, const Destination& to) {
  Fault fault = Fault::none;
  if (text.empty()) {
    fault = file_.may_be_empty ? Fault::none : Fault::empty;
  } else {
    switch (file_.shape) {
      case catalog::Shape::single_value:
        fault = extract_single(text, to);
        break;
      case catalog::Shape::space_separated:
        fault = extract_ratio(text, to);
        break;
      case catalog::Shape::flat_keyed:
        fault = extract_flat(text, to);
        break;
      case catalog::Shape::nested_keyed:
        fault = extract_nested(text, to);
        break;
    }
  }
  if (fault != Fault::none) fail_inputs(*to.inputs);
  return fault;
}

void Fields::fail_inputs(Inputs& inputs) const {
  for (const Target& target : targets_) {
    if (target.input && !inputs.is_present(*target.input)) inputs.fail(*target.input);
  }
}

Fault Fields::extract_single(std::string_view text, const Destination& to) const {
  const Scalar scalar = parse_single_value(text);
  if (scalar.fault != Fault::none) return scalar.fault;
  for (const Target& target : targets_) {
    if (scalar.is_max && target.source.select != Select::limit) return Fault::malformed;
    if (scalar.is_max) continue;
    if (target.input) to.inputs->set(*target.input, scalar.number);
    if (target.metric && to.columns != nullptr) {
      to.columns->columns[*target.metric].push_back({to.owner, no_label, scalar.number});
    }
  }
  return Fault::none;
}

Fault Fields::extract_ratio(std::string_view text, const Destination& to) const {
  const Quota quota = parse_quota(text);
  if (quota.fault != Fault::none || quota.is_max || to.columns == nullptr) return quota.fault;
  const double ratio = static_cast<double>(quota.quota) / static_cast<double>(quota.period);
  for (const Target& target : targets_) {
    to.columns->columns[*target.metric].push_back({to.owner, no_label, to_bits(ratio)});
  }
  return Fault::none;
}

Fault Fields::extract_flat(std::string_view text, const Destination& to) {
  ++extraction_;
  std::size_t position = 0;
  return parse_flat_keyed(text, [&](std::string_view key, std::string_view value) {
    const auto label = intern_at(position++, key);
    if (!label) return Fault::too_many_keys;
    if (is_repeated(*label)) return Fault::duplicate;
    Fault fault = Fault::none;
    for (const Target* target : route(*label)) {
      const LabelId shown = target->source.select == Select::keys ? *label : no_label;
      fault = first_of(fault, push(*target, shown, value, to));
    }
    return fault;
  });
}

Fault Fields::extract_nested(std::string_view text, const Destination& to) {
  ++extraction_;
  std::size_t position = 0;
  std::string_view line_key;
  std::optional<LabelId> line_label;
  const auto begin = [&](std::string_view key) {
    line_key = key;
    line_label = is_device_number(key) ? devices_.label_of(key) : intern_at(position, key);
    ++position;
    if (!line_label) return Fault::too_many_keys;
    return is_repeated(*line_label) ? Fault::duplicate : Fault::none;
  };
  const auto visit = [&](std::string_view member, std::string_view value) {
    const auto label = intern_at(position++, member);
    if (!label) return Fault::too_many_keys;
    Fault fault = Fault::none;
    for (const Target* target : route(*label)) {
      if (target->source.select == Select::member && target->source.key != line_key) continue;
      const LabelId shown = target->source.select == Select::each ? *line_label : no_label;
      fault = first_of(fault, push(*target, shown, value, to));
    }
    return fault;
  };
  return parse_nested_keyed(text, begin, visit);
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

const std::vector<const Fields::Target*>& Fields::route(LabelId key) {
  if (key >= routes_.size()) routes_.resize(key + 1);
  auto& known = routes_[key];
  if (!known) {
    known.emplace();
    for (const Target& target : targets_) {
      if (takes(target, labels_.text(key))) known->push_back(&target);
    }
  }
  return *known;
}

bool Fields::takes(const Target& target, std::string_view key) const {
  switch (target.source.select) {
    case Select::key:
      return target.source.key == key;
    case Select::keys:
      return target.source.keys == catalog::KeyClass::any ||
             target.source.keys == catalog::classify_memory_stat(key);
    case Select::member:
    case Select::each:
      return target.source.member == key;
    default:
      return false;
  }
}

bool Fields::is_repeated(LabelId key) {
  if (key >= seen_in_.size()) seen_in_.resize(key + 1, 0);
  const bool is_seen = seen_in_[key] == extraction_;
  seen_in_[key] = extraction_;
  return is_seen;
}

Fault Fields::push(const Target& target, LabelId label, std::string_view value,
                   const Destination& to) const {
  auto number = base::parse_u64(value);
  if (!number && target.source.is_int) number = parse_wrapped_int(value);
  if (!number) return Fault::malformed;
  if (target.input) to.inputs->set(*target.input, *number);
  if (!target.metric || to.columns == nullptr) return Fault::none;
  auto& column = to.columns->columns[*target.metric];
  // A member that is repeated within one line.
  if (!column.empty() && column.back().owner == to.owner && column.back().label == label)
    return Fault::duplicate;
  column.push_back({to.owner, label, *number});
  return Fault::none;
}

}  // namespace cgroup2::cgroup
