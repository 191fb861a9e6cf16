// SPDX-License-Identifier: Apache-2.0
#include "status/table.h"

#include "status/cells.h"
#include "status/format.h"

namespace cgroup2::status {
namespace {

void add_heading(Html& html, const View& view, std::size_t at) {
  const auto column = static_cast<Column>(at);
  const ColumnInfo& info = columns.at(at);
  const bool is_sorted = view.sort == column;
  View target = view;
  target.sort = column;
  target.is_descending.reset();
  if (is_sorted) target.is_descending = !view.descends();
  html.add("<th scope=col");
  if (is_sorted && view.descends()) html.add(" aria-sort=descending");
  if (is_sorted && !view.descends()) html.add(" aria-sort=ascending");
  html.add("><a href=\"");
  add_address(html, target);
  html.add("\" title=\"").add(info.help).add("\">").add(info.heading);
  if (is_sorted && view.descends()) html.add("&nbsp;<span aria-hidden=true>▼</span>");
  if (is_sorted && !view.descends()) html.add("&nbsp;<span aria-hidden=true>▲</span>");
  html.add("</a></th>");
}

void add_limit(Html& html, const Row& row) {
  const auto share = row.value(Column::limit);
  if (share && *share >= hot_share) {
    html.add("<td class=bad>");
  } else {
    html.add("<td>");
  }
  if (share) html.text(format_share(*share));
}

void add_cpu(Html& html, const Row& row) {
  html.add("<td>");
  const auto used = row.value(Column::cpu);
  if (!used) return;
  html.text(format_cores(*used));
  if (const auto limit = (*row.now)[PageMetric::cpu_effective_limit])
    html.add(" <small>of ").text(format_cores(*limit)).add("</small>");
}

void add_pids(Html& html, const Row& row) {
  html.add("<td>");
  const auto pids = row.value(Column::pids);
  if (!pids) return;
  html.text(fixed(*pids, 0));
  if (const auto limit = (*row.now)[PageMetric::pids_limit])
    html.add(" <small>of ").text(fixed(*limit, 0)).add("</small>");
}

void add_kills(Html& html, const PageContext& context, const Row& row) {
  const auto kills = row.value(Column::oom_kills);
  if (!kills || *kills == 0) {
    html.add("<td>");
    if (kills) html.add("0");
    return;
  }
  html.add("<td class=bad>").text(fixed(*kills, 0));
  if (row.kills == nullptr) return;
  html.add(" <small>");
  add_last_kill(html, *row.kills, context.since_1970);
  html.add("</small>");
}

// End tags that HTML does not want are left out: they would be a fifth of the page. Nothing stands
// behind an empty cell, so that the style sheet finds it empty.
void add_row(Html& html, const PageContext& context, const Row& row) {
  html.add("\n<tr><th scope=row>");
  add_name(html, row);
  html.add("<td>");
  add_bar(html, *row.now);
  add_memory(html, *row.now);
  add_limit(html, row);
  add_cpu(html, row);
  for (const Column column :
       {Column::throttled, Column::cpu_waiting, Column::memory_waiting, Column::io_waiting}) {
    html.add("<td>");
    if (const auto share = row.value(column)) html.text(format_share(*share));
  }
  add_pids(html, row);
  add_kills(html, context, row);
}

}  // namespace

void add_table(Html& html, const PageContext& context, const View& view, const Rows& rows) {
  html.add("<table class=cg>\n<caption>");
  if (rows.cgroups.size() < rows.matching) {
    html.add("The first ").number(rows.cgroups.size()).add(" of ").number(rows.matching);
    html.add(" cgroups in this order; the filter finds the others. ");
  } else {
    html.number(rows.matching).add(rows.matching == 1 ? Markup(" cgroup. ") : Markup(" cgroups. "));
  }
  if (context.rates.window) {
    html.add("CPU and waiting: average of the last ")
        .text(format_duration(*context.rates.window))
        .add(".");
  } else {
    html.add("CPU and waiting take two readings: they are there when the page is asked for again.");
  }
  html.add("</caption>\n<thead><tr>");
  for (std::size_t i = 0; i < column_count; ++i) add_heading(html, view, i);
  html.add("</tr></thead>\n<tbody>");
  for (const cgroup::CgroupIndex cgroup : rows.cgroups) {
    if (!html.is_wanted()) return;
    add_row(html, context, make_row(context, cgroup));
  }
  html.add("</tbody></table>\n");
}

}  // namespace cgroup2::status
