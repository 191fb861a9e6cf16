// SPDX-License-Identifier: Apache-2.0
#include "cgroup/bindings.h"

#include <utility>

#include "catalog/memory_stat.h"

namespace cgroup2::cgroup {

using catalog::KeyClass;
using catalog::Select;

namespace {

bool is_longer_than(std::string_view key, std::string_view prefix) {
  return key.size() > prefix.size() && key.starts_with(prefix);
}

}  // namespace

std::optional<LabelId> Bindings::intern_at(std::size_t position, std::string_view key) {
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

const std::vector<Binding>* Bindings::of(LabelId key) {
  if (key >= bindings_.size()) bindings_.resize(key + 1);
  auto& known = bindings_[key];
  if (known) return &*known;
  std::vector<Binding> bindings;
  for (const Target& target : targets_) {
    if (!takes(target, key)) continue;
    const auto label = labels_.intern(labels_.text(key).substr(target.source.prefix.size()));
    if (!label) return nullptr;
    bindings.push_back({&target, *label});
  }
  known = std::move(bindings);
  return &*known;
}

bool Bindings::takes(const Target& target, LabelId key) {
  const catalog::ValueSource& source = target.source;
  const std::string_view text = labels_.text(key);
  switch (source.select) {
    case Select::key:
      return source.key == text;
    case Select::keys:
      return is_longer_than(text, source.prefix) &&
             (source.keys == KeyClass::any || source.keys == class_of(key)) &&
             !(target.metric && selection_.narrowed.test(*target.metric) &&
               !catalog::is_read_in_lean(*target.metric, text));
    case Select::member:
    case Select::each:
    case Select::each_text:
      return source.member == text;
    case Select::members:
      return is_longer_than(text, source.prefix);
    default:
      return false;
  }
}

KeyClass Bindings::class_of(LabelId key) {
  if (key >= classes_.size()) classes_.resize(key + 1);
  auto& known = classes_[key];
  if (!known) {
    const std::string_view text = labels_.text(key);
    const bool is_wanted = !selection_.takes_stat_key || selection_.takes_stat_key(text);
    known = is_wanted ? catalog::classify_memory_stat(text) : KeyClass::unwanted;
  }
  return *known;
}

}  // namespace cgroup2::cgroup
