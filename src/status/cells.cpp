// SPDX-License-Identifier: Apache-2.0
#include "status/cells.h"

#include <algorithm>

#include "base/label.h"
#include "status/format.h"

namespace cgroup2::status {
namespace {

using base::to_label;

// A tenth of a percent is less than a pixel.
void add_percent(Html& html, double share) {
  const auto tenths = static_cast<std::uint64_t>(std::clamp(share, 0.0, 1.0) * 1000);
  html.number(tenths / 10);
  if (tenths % 10 != 0) html.add(".").number(tenths % 10);
  html.add("%");
}

}  // namespace

void add_bar(Html& html, std::optional<double> usage, std::optional<double> unreclaimable,
             std::optional<double> limit) {
  if (!usage || !limit || *limit <= 0) return;
  const double all = *usage / *limit;
  const double held = std::min(unreclaimable.value_or(0) / *limit, all);
  html.add("<svg class=m aria-hidden=true>");
  if (held > 0) {
    if (held >= hot_share) {
      html.add("<rect class=h width=\"");
    } else {
      html.add("<rect class=u width=\"");
    }
    add_percent(html, held);
    html.add("\"/>");
  }
  if (all > held) {
    html.add("<rect class=c x=\"");
    add_percent(html, held);
    html.add("\" width=\"");
    add_percent(html, all - held);
    html.add("\"/>");
  }
  html.add("</svg>");
}

void add_bar(Html& html, const Values& values) {
  add_bar(html, values[PageMetric::memory_usage], values[PageMetric::memory_unreclaimable],
          values[PageMetric::memory_effective_limit]);
}

void add_memory(Html& html, const Values& values) {
  const auto usage = values[PageMetric::memory_usage];
  if (!usage) return;
  html.text(format_bytes(*usage));
  if (const auto limit = values[PageMetric::memory_effective_limit])
    html.add(" <small>of ").text(format_bytes(*limit)).add("</small>");
}

void add_legend(Html& html) {
  html.add(
      "<ul class=key>"
      "<li><svg class=m aria-hidden=true><rect class=u width=99 /></svg>not reclaimable"
      "<li><svg class=m aria-hidden=true><rect class=h width=99 /></svg>not reclaimable, "
      "90 % of the limit or more"
      "<li><svg class=m aria-hidden=true><rect class=c width=99 /></svg>cache and other "
      "reclaimable memory"
      "<li><svg class=m aria-hidden=true></svg>free up to the effective limit</ul>\n");
}

void add_name(Html& html, const Row& row) {
  html.add("<a href=\"cgroup?id=").number(row.cgroup->id).add("\">");
  html.text(row.title.name).add("</a>");
  if (!row.title.context.empty()) html.add(" <small>").text(row.title.context).add("</small>");
}

void add_last_kill(Html& html, const oom::LedgerEntry& kills,
                   std::chrono::milliseconds since_1970) {
  const oom::LastVictim& victim = kills.victim;
  html.text(to_label(victim.comm));
  if (!victim.comm.empty() && !victim.pid.empty())
    html.add(" (").text(to_label(victim.pid)).add(")");
  if (kills.last_kill.count() == 0) return;
  if (!victim.comm.empty()) html.add(", ");
  html.text(format_duration(since_1970 - kills.last_kill)).add(" ago");
}

void add_owner(Html& html, const oom::Owner& owner) {
  bool is_first = true;
  for (const auto& [name, value] : oom::owner_labels) {
    if ((owner.*value).empty()) continue;
    if (!is_first) html.add(" ");
    is_first = false;
    html.add("<small>").text(name).add("</small> ").text(owner.*value);
  }
}

void add_rise(Html& html, const oom::LastRise& rise) {
  html.add("rose from ").text(format_bytes(static_cast<double>(rise.from_bytes)));
  html.add(" to the limit within ").number(rise.seconds()).add(" s");
}

}  // namespace cgroup2::status
