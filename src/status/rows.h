// SPDX-License-Identifier: Apache-2.0
// Rows: the cgroups of a view, chosen, filtered and sorted.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "cgroup/samples.h"
#include "oom/ledger_content.h"
#include "status/page_context.h"
#include "status/text_filter.h"
#include "status/title.h"
#include "status/view.h"

namespace cgroup2::status {

/// More are not shown: a page should stay a page. The filter gets at the rest.
inline constexpr std::size_t max_rows = 2'000;

/// A cgroup with what its columns show. Refers to the PageContext.
struct Row {
  const snapshot::Cgroup* cgroup;
  const Values* now;
  const Values* per_second;
  const oom::LedgerEntry* kills;  ///< of its owner; nullptr if there are none
  Title title;
  Group group;

  /// Returns what is shown in a column of numbers and sorted by; nothing is shown for nothing.
  [[nodiscard]] std::optional<double> value(Column column) const;
};

[[nodiscard]] Row make_row(const PageContext& context, cgroup::CgroupIndex cgroup);

/// Whether the text is in a name, the path, the id, the image or the unit; the case of ASCII
/// letters does not count.
[[nodiscard]] bool matches(const Row& row, const TextFilter& filter);

/// How many cgroups there are of each Choice.
using ChoiceCounts = std::array<std::size_t, 4>;
[[nodiscard]] ChoiceCounts count_choices(const snapshot::Snapshot& snapshot);

/// Returns what the view asks for, else containers if there are any, else units, else all.
[[nodiscard]] Choice take_choice(const View& view, const ChoiceCounts& counts);

struct Rows {
  std::vector<cgroup::CgroupIndex> cgroups;  ///< at most max_rows
  std::size_t matching = 0;                  ///< with those that are not among `cgroups`
};

/// Chooses the rows of the table. Cgroups without a value in the sorted column come last, whatever
/// the order; equal ones stay in the order of the tree. Of names the first 256 bytes count.
[[nodiscard]] Rows choose_rows(const PageContext& context, const View& view, Choice choice);

}  // namespace cgroup2::status
