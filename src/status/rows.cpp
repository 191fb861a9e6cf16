// SPDX-License-Identifier: Apache-2.0
#include "status/rows.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "base/label.h"
#include "status/kills.h"

namespace cgroup2::status {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool contains(std::string_view text, std::string_view wanted) {
  // Not std::ranges::search: clang 14 does not compile that of libstdc++ 12.
  const auto is_same = [](char a, char b) { return lower(a) == lower(b); };
  return std::search(text.begin(), text.end(), wanted.begin(), wanted.end(), is_same) !=
             text.end() ||
         wanted.empty();
}

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

void sort(std::vector<Row>& rows, const View& view) {
  const bool falls = view.descends();
  if (view.sort == Column::name) {
    std::ranges::stable_sort(rows, [falls](const Row& a, const Row& b) {
      const auto name = [](const Row& row) { return std::tie(row.title.name, row.title.context); };
      return falls ? name(b) < name(a) : name(a) < name(b);
    });
    return;
  }
  std::vector<std::pair<std::optional<double>, std::size_t>> keys;
  keys.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) keys.emplace_back(rows[i].value(view.sort), i);
  std::ranges::sort(keys, [falls](const auto& a, const auto& b) {
    if (a.first.has_value() != b.first.has_value()) return a.first.has_value();
    if (a.first != b.first) return falls ? a.first > b.first : a.first < b.first;
    return a.second < b.second;
  });
  std::vector<Row> sorted;
  sorted.reserve(rows.size());
  for (const auto& [value, at] : keys) sorted.push_back(std::move(rows[at]));
  rows = std::move(sorted);
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

Row make_row(const PageContext& context, std::size_t owner) {
  const snapshot::Cgroup& cgroup = *context.snapshot.cgroups[owner];
  return {&cgroup,
          &context.values[owner],
          &context.rates.per_second[owner],
          find_kills(*context.snapshot.ledger, cgroup.owner),
          title_of(cgroup),
          group_of(cgroup)};
}

bool matches(const Row& row, std::string_view filter) {
  if (filter.empty()) return true;
  const identity::Identity& identity = *row.cgroup->identity;
  return contains(row.title.name, filter) || contains(row.title.context, filter) ||
         contains(row.cgroup->path, filter) ||
         contains(base::to_label(identity.owner.container_id), filter) ||
         contains(base::to_label(identity.names.image), filter) ||
         contains(base::to_label(identity.owner.unit), filter);
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
  Rows chosen;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (choice != Choice::all && choice_of(group_of(*all[i])) != choice) continue;
    Row row = make_row(context, i);
    if (matches(row, view.filter)) chosen.rows.push_back(std::move(row));
  }
  chosen.matching = chosen.rows.size();
  sort(chosen.rows, view);
  if (chosen.matching > max_rows)
    chosen.rows.erase(chosen.rows.begin() + max_rows, chosen.rows.end());
  return chosen;
}

}  // namespace cgroup2::status
