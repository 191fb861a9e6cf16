// SPDX-License-Identifier: Apache-2.0
#include "status/tree.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/cgroup_path.h"
#include "status/cells.h"
#include "status/format.h"
#include "status/rows.h"

namespace cgroup2::status {
namespace {

struct ShownCgroup {
  cgroup::CgroupIndex cgroup;
  std::size_t level;
};

// The cgroups that are shown, in the order of the snapshot: parents stand right before what is
// below them. A cgroup that is not exported is left out, and what is below it moves up.
std::vector<ShownCgroup> find_shown(const PageContext& context, const TextFilter& filter) {
  const auto& all = context.snapshot.cgroups;
  std::vector<cgroup::CgroupIndex> above;  // the chain from the top to the cgroup at hand
  std::vector<std::size_t> levels(all.size());
  std::vector<bool> is_shown(all.size());
  for (cgroup::CgroupIndex i = 0; i < all.size(); ++i) {
    while (!above.empty() && !base::is_below(all[i]->path, all[above.back()]->path))
      above.pop_back();
    levels[i] = std::min(above.size(), max_level);
    above.push_back(i);
    if (!matches(make_row(context, i), filter)) continue;
    // What is above a shown cgroup is shown already: no chain is gone through twice.
    for (auto each = above.rbegin(); each != above.rend() && !is_shown[*each]; ++each)
      is_shown[*each] = true;
  }
  std::vector<ShownCgroup> shown;
  for (cgroup::CgroupIndex i = 0; i < all.size(); ++i) {
    if (is_shown[i]) shown.push_back({i, levels[i]});
  }
  return shown;
}

// Returns its name.
std::string add_node(Html& html, const PageContext& context, cgroup::CgroupIndex cgroup) {
  Row row = make_row(context, cgroup);
  if (row.group == Group::none) row.title.name = leaf_of(row.cgroup->path);
  html.add("<span class=n><span>");
  add_name(html, row);
  html.add("</span><span>");
  add_bar(html, *row.now);
  html.add("</span><span class=quiet>");
  bool is_first = true;
  const auto begin = [&] {
    if (!is_first) html.add(" · ");
    is_first = false;
  };
  if (row.value(Column::memory)) {
    begin();
    add_memory(html, *row.now);
  }
  if (const auto cpu = row.value(Column::cpu)) {
    begin();
    html.text(format_cores(*cpu)).add(" CPU");
  }
  if (const auto pids = row.value(Column::pids)) {
    begin();
    html.text(fixed(*pids, 0)).add(*pids == 1 ? Markup(" task") : Markup(" tasks"));
  }
  if (const auto kills = row.value(Column::oom_kills); kills && *kills > 0) {
    begin();
    html.add("<span class=bad>").text(fixed(*kills, 0));
    html.add(*kills == 1 ? Markup(" OOM kill</span>") : Markup(" OOM kills</span>"));
  }
  html.add("</span></span>");
  return std::move(row.title.name);
}

}  // namespace

void add_tree(Html& html, const PageContext& context, const View& view) {
  auto shown = find_shown(context, TextFilter(view.filter));
  const std::size_t matching = shown.size();
  shown.resize(std::min(matching, max_rows));
  html.add("<p class=quiet>");
  if (shown.size() < matching) {
    html.add("The first ").number(shown.size()).add(" of ");
    html.number(matching).add(" cgroups; the filter finds the others.");
  } else {
    html.number(matching).add(matching == 1 ? Markup(" cgroup.") : Markup(" cgroups."));
  }
  html.add(" What a cgroup uses includes what is below it.</p>\n");
  if (shown.empty()) return;

  html.add("<ul class=tree>\n");
  std::size_t level = shown.front().level;
  const std::size_t top = level;
  for (std::size_t i = 0; i < shown.size() && html.is_wanted(); ++i) {
    for (; level > shown[i].level; --level) html.add("</ul></details>\n");
    const bool has_below = i + 1 < shown.size() && shown[i + 1].level > shown[i].level;
    html.add("<li>");
    const std::string name = add_node(html, context, shown[i].cgroup);
    if (has_below) {
      // The link is not inside the summary: a control in a control is hidden from screen readers.
      const bool is_open = !view.filter.empty() || shown[i].level < open_levels;
      html.add(is_open ? Markup("<details open>") : Markup("<details>"));
      html.add("<summary aria-label=\"Below ").text(name).add("\"></summary><ul>\n");
      ++level;
    } else {
      html.add("\n");
    }
  }
  for (; level > top; --level) html.add("</ul></details>\n");
  html.add("</ul>\n");
}

}  // namespace cgroup2::status
