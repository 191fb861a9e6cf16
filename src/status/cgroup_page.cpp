// SPDX-License-Identifier: Apache-2.0
#include "status/cgroup_page.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "base/cgroup_path.h"
#include "base/label.h"
#include "base/text.h"
#include "status/cells.h"
#include "status/format.h"
#include "status/frame.h"
#include "status/origin.h"
#include "status/samples.h"
#include "status/title.h"

namespace cgroup2::status {
namespace {

constexpr std::size_t max_children = 200;

// From the root down to the cgroup itself, as far as they are exported.
std::vector<cgroup::CgroupIndex> find_chain(const snapshot::Snapshot& snapshot,
                                            cgroup::CgroupIndex cgroup) {
  const std::string_view path = snapshot.cgroups[cgroup]->path;
  std::vector<cgroup::CgroupIndex> chain;
  for (cgroup::CgroupIndex i = 0; i <= cgroup; ++i) {
    if (i == cgroup || base::is_below(path, snapshot.cgroups[i]->path)) chain.push_back(i);
  }
  return chain;
}

void add_crumbs(Html& html, const PageContext& context,
                const std::vector<cgroup::CgroupIndex>& chain) {
  html.add("<nav class=crumbs aria-label=Hierarchy><a href=\"./\">Status</a>");
  for (const cgroup::CgroupIndex each : chain) {
    const snapshot::Cgroup& cgroup = *context.snapshot.cgroups[each];
    html.add(" › ");
    if (each == chain.back()) {
      html.add("<span aria-current=page>").text(leaf_of(cgroup.path)).add("</span>");
    } else {
      html.add("<a href=\"cgroup?id=").number(cgroup.id).add("\">");
      html.text(leaf_of(cgroup.path)).add("</a>");
    }
  }
  html.add("</nav>\n");
}

void add_amount(Html& html, Markup name, std::optional<double> bytes) {
  if (!bytes) return;
  html.add("<dt>").add(name).add("</dt><dd>").text(format_bytes(*bytes)).add("</dd>\n");
}

void add_memory_section(Html& html, const Row& row) {
  const Values& now = *row.now;
  const auto usage = now[PageMetric::memory_usage];
  if (!usage) return;
  const auto held = now[PageMetric::memory_unreclaimable];
  html.add("<section class=big aria-labelledby=memory><h2 id=memory>Memory</h2>\n");
  add_bar(html, now);
  add_legend(html);
  html.add("<dl class=pairs>\n");
  add_amount(html, "in use", usage);
  add_amount(html, "not reclaimable", held);
  if (held) add_amount(html, "reclaimable", std::max(0.0, *usage - *held));
  add_amount(html, "own limit", now[PageMetric::memory_limit]);
  add_amount(html, "effective limit", now[PageMetric::memory_effective_limit]);
  if (const auto share = row.value(Column::limit)) {
    html.add("<dt>of the limit</dt><dd");
    if (*share >= hot_share) html.add(" class=bad");
    html.add(">").text(format_share(*share)).add("</dd>\n");
  }
  add_amount(html, "swap in use", now[PageMetric::memory_swap]);
  html.add("</dl></section>\n");
}

void add_share(Html& html, Markup name, std::optional<double> share) {
  if (!share) return;
  html.add("<dt>").add(name).add("</dt><dd>").text(format_share(*share)).add("</dd>\n");
}

void add_activity(Html& html, const PageContext& context, const Row& row) {
  const Values& now = *row.now;
  html.add("<section aria-labelledby=activity><h2 id=activity>CPU, waiting and tasks</h2>\n");
  html.add("<dl class=pairs>\n");
  if (const auto cpu = row.value(Column::cpu)) {
    html.add("<dt>CPUs in use</dt><dd>").text(format_cores(*cpu));
    if (const auto limit = now[PageMetric::cpu_effective_limit])
      html.add(" of ").text(format_cores(*limit));
    html.add("</dd>\n");
  }
  if (const auto total = now[PageMetric::cpu_usage]) {
    html.add("<dt>CPU time so far</dt><dd>");
    html.text(fixed(*total, 2)).add(" s</dd>\n");
  }
  add_share(html, "throttled", row.value(Column::throttled));
  add_share(html, "waiting for a CPU", row.value(Column::cpu_waiting));
  add_share(html, "waiting for memory", row.value(Column::memory_waiting));
  add_share(html, "waiting for I/O", row.value(Column::io_waiting));
  if (const auto pids = now[PageMetric::pids]) {
    html.add("<dt>tasks</dt><dd>").text(fixed(*pids, 0));
    if (const auto limit = now[PageMetric::pids_limit]) html.add(" of ").text(fixed(*limit, 0));
    html.add("</dd>\n");
  }
  html.add("</dl>\n<p class=quiet>");
  if (context.rates.window) {
    html.add("Rates are averages of the last ")
        .text(format_duration(*context.rates.window))
        .add(".");
  } else {
    html.add("Rates take two readings: they are there when the page is asked for again.");
  }
  html.add("</p></section>\n");
}

void add_last_kill_pairs(Html& html, const oom::LedgerEntry& kills,
                         std::chrono::milliseconds since_1970) {
  if (kills.last_kill.count() > 0) {
    html.add("<dt>last</dt><dd>").text(format_time(kills.last_kill)).add(", ");
    html.text(format_duration(since_1970 - kills.last_kill)).add(" ago</dd>\n");
  }
  struct Said {
    Markup name;
    std::string_view value;
  };
  const Said said[] = {{"last victim", kills.victim.comm},
                       {"its pid", kills.victim.pid},
                       {"constraint", kills.victim.constraint},
                       {"limit of", kills.victim.oom_cgroup}};
  for (const auto& [name, value] : said) {
    if (value.empty()) continue;
    html.add("<dt>").add(name).add("</dt><dd>").text(base::to_label(value)).add("</dd>\n");
  }
  for (const auto& [type, bytes] : oom::memory_types) {
    const auto amount = kills.memory.*bytes;
    if (!amount) continue;
    html.add("<dt>").text(type).add(" before it</dt><dd>");
    html.text(format_bytes(static_cast<double>(*amount))).add("</dd>\n");
  }
  if (!kills.rise.is_known()) return;
  html.add("<dt>its use</dt><dd>");
  add_rise(html, kills.rise);
  html.add("</dd>\n");
}

void add_kills_section(Html& html, const PageContext& context, const Row& row) {
  html.add("<section aria-labelledby=kills><h2 id=kills>OOM kills</h2>\n<dl class=pairs>\n");
  if (const auto counted = (*row.now)[PageMetric::oom_kills]) {
    html.add("<dt>in it and below it</dt><dd>").text(fixed(*counted, 0));
    html.add(" <small>by the kernel’s count, since it was made</small></dd>\n");
  }
  html.add("<dt>of its owner</dt><dd>").number(row.kills == nullptr ? 0 : row.kills->kills);
  html.add(" <small>by the ledger: ");
  add_owner(html, row.cgroup->owner);
  html.add("</small></dd>\n");
  if (row.kills != nullptr) add_last_kill_pairs(html, *row.kills, context.since_1970);
  html.add("</dl></section>\n");
}

void add_table_head(Html& html, Markup id) {
  html.add("<div class=scroll tabindex=0 role=group aria-labelledby=").add(id);
  html.add(
      "><table><thead><tr><th scope=col>Cgroup<th scope=col>Memory<th scope=col>memory.max"
      "<th scope=col>CPU<th scope=col>CPU limit<th scope=col>Tasks<th scope=col>pids.max"
      "</thead>\n<tbody>");
}

void add_relative(Html& html, const PageContext& context, cgroup::CgroupIndex cgroup) {
  const Row row = make_row(context, cgroup);
  const Values& now = *row.now;
  html.add("\n<tr><th scope=row><a href=\"cgroup?id=").number(row.cgroup->id).add("\">");
  html.text(leaf_of(row.cgroup->path)).add("</a>");
  const auto add = [&](std::optional<double> value, std::string (*format)(double)) {
    html.add("<td>");
    if (value) html.text(format(*value));
  };
  const auto whole = [](double value) { return fixed(value, 0); };
  add(now[PageMetric::memory_usage], format_bytes);
  add(now[PageMetric::memory_limit], format_bytes);
  add(row.value(Column::cpu), format_cores);
  add(now[PageMetric::cpu_limit], format_cores);
  add(now[PageMetric::pids], whole);
  add(now[PageMetric::pids_limit], whole);
}

void add_limits(Html& html, const PageContext& context,
                const std::vector<cgroup::CgroupIndex>& chain) {
  html.add("<section aria-labelledby=limits><h2 id=limits>Limits on its path</h2>\n");
  add_table_head(html, "limits");
  for (const cgroup::CgroupIndex each : chain) add_relative(html, context, each);
  html.add(
      "</tbody></table></div>\n<p class=quiet>The smallest one on the path binds; what is not "
      "shown is no limit.</p></section>\n");
}

void add_children(Html& html, const PageContext& context, cgroup::CgroupIndex cgroup) {
  const auto& all = context.snapshot.cgroups;
  std::vector<cgroup::CgroupIndex> children;
  for (cgroup::CgroupIndex i = cgroup + 1; i < all.size(); ++i) {
    if (base::is_child(all[i]->path, all[cgroup]->path)) children.push_back(i);
  }
  if (children.empty()) return;
  html.add("<section aria-labelledby=below><h2 id=below>Below it</h2>\n");
  add_table_head(html, "below");
  for (std::size_t i = 0; i < std::min(children.size(), max_children); ++i)
    add_relative(html, context, children[i]);
  html.add("</tbody></table></div>\n");
  if (children.size() > max_children) {
    html.add("<p class=quiet>The first ").number(max_children).add(" of ");
    html.number(children.size()).add(".</p>\n");
  }
  html.add("</section>\n");
}

}  // namespace

CgroupQuery parse_cgroup_query(Parameters parameters) {
  CgroupQuery query;
  for (const auto& [name, value] : parameters) {
    if (value.empty()) continue;
    if (name == "id") {
      query.id = base::parse_u64(value);
      if (!query.id) query.problem = "id takes the inode of a cgroup’s directory.";
    }
    if (name == "path") query.path = value;
    if (name == "refresh") {
      const auto seconds = parse_refresh(value);
      query.refresh_seconds = seconds.value_or(0);
      if (!seconds) query.problem = "refresh takes whole seconds, 3600 at most.";
    }
  }
  if (query.problem.empty() && !query.id && query.path.empty())
    query.problem = "Which cgroup? Give its id or its path.";
  return query;
}

std::optional<cgroup::CgroupIndex> find_cgroup(const snapshot::Snapshot& snapshot,
                                               const CgroupQuery& query) {
  const auto is_it = [&](const auto& cgroup) {
    return query.id ? cgroup->id == *query.id : cgroup->path == query.path;
  };
  const auto found = std::ranges::find_if(snapshot.cgroups, is_it);
  if (found == snapshot.cgroups.end()) return std::nullopt;
  return static_cast<cgroup::CgroupIndex>(found - snapshot.cgroups.begin());
}

void write_cgroup(const base::Sink& sink, const PageContext& context, cgroup::CgroupIndex cgroup,
                  unsigned refresh_seconds) {
  const Row row = make_row(context, cgroup);
  const auto chain = find_chain(context.snapshot, cgroup);
  Html html(sink);
  begin_page(html, row.title.name, refresh_seconds);
  add_crumbs(html, context, chain);
  html.add("<h1>").text(row.title.name).add("</h1>\n<p class=facts>");
  html.text(kind_word(*row.cgroup));
  if (!row.title.context.empty()) html.add(" · ").text(row.title.context);
  html.add(" · <code>").text(row.cgroup->path).add("</code></p>\n");
  begin_main(html);
  html.add("<div class=grid>\n");
  add_memory_section(html, row);
  add_activity(html, context, row);
  add_identity(html, context.snapshot, *row.cgroup);
  add_namespaces(html, context.snapshot, *row.cgroup);
  add_kills_section(html, context, row);
  html.add("</div>\n");
  add_limits(html, context, chain);
  add_children(html, context, cgroup);
  add_samples(html, context.snapshot, cgroup);
  end_page(html, context.host.version);
  html.flush();
}

std::string render_no_cgroup(const HostFacts& host) {
  Html html;
  begin_page(html, "No such cgroup", 0);
  html.add(
      "<nav class=crumbs aria-label=Hierarchy><a href=\"./\">Status</a></nav>\n"
      "<h1>No such cgroup</h1>\n");
  begin_main(html);
  html.add(
      "<section class=notice><p>It is not there, or not any more, or the configuration leaves "
      "it out. A directory that is made again under the same name is another cgroup; its path "
      "finds it.</p></section>\n");
  end_page(html, host.version);
  return html.take();
}

}  // namespace cgroup2::status
