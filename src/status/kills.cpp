// SPDX-License-Identifier: Apache-2.0
#include "status/kills.h"

#include <algorithm>

#include "status/label_block.h"

namespace cgroup2::status {
namespace {

using catalog::LedgerValue;

// Labels that a sample has beside its owner's, the first of them; the owner's come before.
constexpr std::string_view first_of_victim = "comm";
constexpr std::string_view first_of_memory = "type";

// What stands before the label `name`, without the comma between; all if there is no such label.
std::string_view before(std::string_view labels, std::string_view name, std::string_view& rest) {
  rest = labels;
  while (!rest.empty()) {
    const auto at = static_cast<std::size_t>(rest.data() - labels.data());
    std::string_view next = rest;
    const auto label = next_label(next);
    if (!label) break;
    if (label->name == name) return labels.substr(0, at == 0 ? 0 : at - 1);
    rest = next;
  }
  rest = {};
  return labels;
}

void take_victim(Kills& kills, std::string_view labels) {
  while (auto label = next_label(labels)) {
    if (label->name == "comm") kills.comm = std::move(label->value);
    if (label->name == "pid") kills.pid = std::move(label->value);
    if (label->name == "constraint") kills.constraint = std::move(label->value);
    if (label->name == "oom_cgroup") kills.oom_cgroup = std::move(label->value);
  }
}

}  // namespace

KillBook::KillBook(const snapshot::LedgerSamples& samples) {
  for (const auto& sample : samples) {
    if (sample.value != LedgerValue::kills || sample.number == 0) continue;
    Kills& kills = by_owner_[sample.labels];
    kills.owner_labels = sample.labels;
    kills.kills = sample.number;
  }
  for (const auto& sample : samples) {
    std::string_view rest;
    Kills* kills = nullptr;
    switch (sample.value) {
      case LedgerValue::unattributed:
      case LedgerValue::forgotten:
        without_owner_ += sample.number;
        break;
      case LedgerValue::group_kills:
        if ((kills = find(sample.labels)) != nullptr) kills->group_kills = sample.number;
        break;
      case LedgerValue::last_kill:
        if ((kills = find(sample.labels)) != nullptr)
          kills->last = std::chrono::milliseconds(sample.number);
        break;
      case LedgerValue::last_victim:
        if ((kills = find(before(sample.labels, first_of_victim, rest))) != nullptr)
          take_victim(*kills, rest);
        break;
      case LedgerValue::last_memory:
        if ((kills = find(before(sample.labels, first_of_memory, rest))) != nullptr) {
          if (const auto type = next_label(rest))
            kills->memory.emplace_back(type->value, sample.number);
        }
        break;
      default:
        break;
    }
  }
}

Kills* KillBook::find(std::string_view labels) {
  const auto found = by_owner_.find(labels);
  return found == by_owner_.end() ? nullptr : &found->second;
}

const Kills* KillBook::of(std::string_view owner_labels) const {
  const auto found = by_owner_.find(owner_labels);
  return found == by_owner_.end() ? nullptr : &found->second;
}

std::vector<const Kills*> KillBook::newest_first() const {
  std::vector<const Kills*> all;
  all.reserve(by_owner_.size());
  for (const auto& [labels, kills] : by_owner_) all.push_back(&kills);
  std::ranges::sort(all, [](const Kills* a, const Kills* b) {
    return a->last != b->last ? a->last > b->last : a->owner_labels < b->owner_labels;
  });
  return all;
}

}  // namespace cgroup2::status
