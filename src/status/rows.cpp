// SPDX-License-Identifier: Apache-2.0
#include "status/rows.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/label.h"
#include "status/kills.h"

namespace cgroup2::status {
namespace {

// Bounds the memory of a sort by names, which others chose.
constexpr std::size_t sorted_bytes = 256;

Choice choice_of(Group group) {
  switch (group) {
    case Group::container:
      return Choice::containers;
    case Group::pod:
      return Choice::pods;
    case Group::unit:
      return Choice::units;
    case Group::none:
      break;
  }
  return Choice::all;
}

std::size_t index(Choice choice) { return static_cast<std::size_t>(choice); }

/// What a row is sorted by. A whole Row for each cgroup would hold its name twice.
struct Key {
  std::optional<double> value;
  std::pair<std::string, std::string> name;  // with the context
  cgroup::CgroupIndex cgroup;
};

Key make_key(const Row& row, cgroup::CgroupIndex cgroup, Column column) {
  if (column != Column::name) return {row.value(column), {}, cgroup};
  const auto begin_of = [](const std::string& text) { return text.substr(0, sorted_bytes); };
  return {{}, {begin_of(row.title.name), begin_of(row.title.context)}, cgroup};
}

// Keys come in the order of the tree.
void sort(std::vector<Key>& keys, const View& view) {
  const bool falls = view.descends();
  std::ranges::stable_sort(keys, [falls](const Key& a, const Key& b) {
    if (a.value.has_value() != b.value.has_value()) return a.value.has_value();
    if (a.value != b.value) return falls ? a.value > b.value : a.value < b.value;
    return falls ? b.name < a.name : a.name < b.name;
  });
}

}  // namespace

std::optional<double> Row::value(Column column) const {
  switch (column) {
    case Column::name:
      return std::nullopt;
    case Column::memory:
      return (*now)[PageMetric::memory_usage];
    case Column::limit: {
      const auto used = (*now)[PageMetric::memory_unreclaimable];
      const auto limit = (*now)[PageMetric::memory_effective_limit];
      if (!used || !limit || *limit <= 0) return std::nullopt;
      return *used / *limit;
    }
    case Column::cpu:
      return (*per_second)[PageMetric::cpu_usage];
    case Column::throttled:
      return (*per_second)[PageMetric::cpu_throttled];
    case Column::cpu_waiting:
      return (*per_second)[PageMetric::cpu_waiting];
    case Column::memory_waiting:
      return (*per_second)[PageMetric::memory_waiting];
    case Column::io_waiting:
      return (*per_second)[PageMetric::io_waiting];
    case Column::pids:
      return (*now)[PageMetric::pids];
    case Column::oom_kills: {
      const auto counted = (*now)[PageMetric::oom_kills];
      if (kills == nullptr) return counted;
      return std::max(counted.value_or(0), static_cast<double>(kills->kills));
    }
  }
  return std::nullopt;
}

Row make_row(const PageContext& context, cgroup::CgroupIndex cgroup) {
  const snapshot::Cgroup& shown = *context.snapshot.cgroups[cgroup];
  return {&shown,
          &context.values[cgroup],
          &context.rates.per_second[cgroup],
          find_kills(*context.snapshot.ledger, shown.owner),
          title_of(shown),
          group_of(shown)};
}

bool matches(const Row& row, const TextFilter& filter) {
  if (filter.is_empty()) return true;
  const identity::Identity& identity = *row.cgroup->identity;
  return filter.is_in(row.title.name) || filter.is_in(row.title.context) ||
         filter.is_in(row.cgroup->path) ||
         filter.is_in(base::to_label(identity.workload.container_id)) ||
         filter.is_in(base::to_label(identity.names.image)) ||
         filter.is_in(base::to_label(identity.workload.unit));
}

ChoiceCounts count_choices(const snapshot::Snapshot& snapshot) {
  ChoiceCounts counts{};
  counts[index(Choice::all)] = snapshot.cgroups.size();
  for (const auto& cgroup : snapshot.cgroups) {
    const Choice choice = choice_of(group_of(*cgroup));
    if (choice != Choice::all) ++counts.at(index(choice));
  }
  return counts;
}

Choice take_choice(const View& view, const ChoiceCounts& counts) {
  if (view.choice) return *view.choice;
  if (counts[index(Choice::containers)] > 0) return Choice::containers;
  return counts[index(Choice::units)] > 0 ? Choice::units : Choice::all;
}

Rows choose_rows(const PageContext& context, const View& view, Choice choice) {
  const auto& all = context.snapshot.cgroups;
  const TextFilter filter(view.filter);
  std::vector<Key> keys;
  for (cgroup::CgroupIndex i = 0; i < all.size(); ++i) {
    if (choice != Choice::all && choice_of(group_of(*all[i])) != choice) continue;
    const Row row = make_row(context, i);
    if (matches(row, filter)) keys.push_back(make_key(row, i, view.sort));
  }
  sort(keys, view);
  Rows chosen;
  chosen.matching = keys.size();
  for (std::size_t i = 0; i < std::min(keys.size(), max_rows); ++i)
    chosen.cgroups.push_back(keys[i].cgroup);
  return chosen;
}

}  // namespace cgroup2::status
