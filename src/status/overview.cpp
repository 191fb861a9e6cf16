// SPDX-License-Identifier: Apache-2.0
#include "status/overview.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/label.h"
#include "catalog/collector.h"
#include "status/cells.h"
#include "status/format.h"
#include "status/kills.h"

namespace cgroup2::status {
namespace {

constexpr std::size_t max_kills = 20;

void begin_card(Html& html, Markup what) { html.add("<div><dt>").add(what).add("</dt><dd>"); }

void add_pressure(Html& html, const Values& values) {
  struct Part {
    PageMetric metric;
    Markup name;
  };
  constexpr std::array parts{Part{PageMetric::cpu_waiting, " CPU "},
                             Part{PageMetric::memory_waiting, " · memory "},
                             Part{PageMetric::io_waiting, " · I/O "}};
  std::optional<double> worst;
  for (const Part& part : parts) worst = std::max(worst, values[part.metric]);
  if (!worst) return;
  begin_card(html, "Waiting (PSI)");
  html.add("<b>").text(format_share(*worst)).add("</b><br><small>");
  for (const Part& part : parts) {
    if (const auto share = values[part.metric]) html.add(part.name).text(format_share(*share));
  }
  html.add("</small></dd></div>\n");
}

// The root cgroup is the host.
void add_host_cards(Html& html, const PageContext& context) {
  const auto& cgroups = context.snapshot.cgroups;
  if (cgroups.empty() || cgroups.front()->path != "/") return;
  const Values& now = context.values.front();
  const Values& rates = context.rates.per_second.front();
  const machine::Machine& machine = *context.snapshot.machine;
  if (const auto usage = now[PageMetric::memory_usage]) {
    begin_card(html, "Memory in use");
    html.add("<b>").text(format_bytes(*usage)).add("</b>");
    if (machine.memory) {
      const auto all = static_cast<double>(*machine.memory);
      html.add(" <small>of ").text(format_bytes(all)).add("</small>");
      add_bar(html, usage, std::nullopt, all);
    }
    html.add("<div><small>cache included</small></div></dd></div>\n");
  }
  if (const auto cpu = rates[PageMetric::cpu_usage]) {
    begin_card(html, "CPUs in use");
    html.add("<b>").text(format_cores(*cpu)).add("</b>");
    if (machine.cpus > 0) {
      html.add(" <small>of ").number(machine.cpus).add("</small>");
      add_bar(html, cpu, cpu, static_cast<double>(machine.cpus));
    }
    html.add("</dd></div>\n");
  }
  add_pressure(html, rates);
}

void add_kill_row(Html& html, const PageContext& context, const Kills& kills) {
  const auto& [owner, entry] = kills;
  html.add("\n<tr><th scope=row>");
  add_owner(html, owner);
  html.add("<td>").number(entry.kills).add("<td>");
  if (entry.last_kill.count() > 0) {
    html.add("<span title=\"").text(format_time(entry.last_kill)).add("\">");
    html.text(format_duration(context.since_1970 - entry.last_kill)).add(" ago</span>");
  }
  html.add("<td>").text(base::to_label(entry.victim.comm));
  if (!entry.victim.pid.empty())
    html.add(" <small>").text(base::to_label(entry.victim.pid)).add("</small>");
  html.add("<td>");
  bool is_first = true;
  for (const auto& [type, bytes] : oom::memory_types) {
    const auto amount = entry.memory.*bytes;
    if (!amount) continue;
    if (!is_first) html.add(", ");
    is_first = false;
    html.text(type).add(" ").text(format_bytes(static_cast<double>(*amount)));
  }
  if (!entry.rise.is_known()) return;
  if (!is_first) html.add("; ");
  add_rise(html, entry.rise);
}

}  // namespace

std::string title_of_host(const HostFacts& host) {
  return host.name.empty() ? "this host" : host.name;
}

void add_head(Html& html, const HostFacts& host) {
  html.add("<div class=top><h1>").text(title_of_host(host)).add("</h1>\n<nav aria-label=Exporter>");
  // Relative: a proxy may have put the exporter below a path of its own.
  html.add("<a href=\".").text(host.telemetry_path).add("\">").text(host.telemetry_path);
  html.add(
      "</a> <a href=\"./-/healthy\">healthy</a> <a href=\"./-/ready\">ready</a></nav></div>\n");
}

void add_facts(Html& html, const machine::Machine& machine) {
  html.add("<p class=facts>");
  bool is_first = true;
  const auto next = [&]() -> Html& {
    return std::exchange(is_first, false) ? html : html.add(" · ");
  };
  if (!machine.kernel.empty()) next().add("Linux ").text(machine.kernel);
  if (!machine.system.empty()) next().text(machine.system);
  if (machine.cpus > 0)
    next().number(machine.cpus).add(machine.cpus == 1 ? Markup(" CPU") : Markup(" CPUs"));
  if (machine.memory)
    next().text(format_bytes(static_cast<double>(*machine.memory))).add(" of memory");
  html.add("</p>\n");
}

void add_cards(Html& html, const PageContext& context) {
  const snapshot::Snapshot& snapshot = context.snapshot;
  html.add("<dl class=cards>\n");
  add_host_cards(html, context);
  begin_card(html, "Cgroups");
  html.add("<b>").number(snapshot.cgroups.size()).add("</b><br><small>");
  html.number(snapshot.excluded)
      .add(" excluded, ")
      .number(snapshot.dropped)
      .add(" left out</small></dd></div>\n");
  begin_card(html, "Last poll");
  html.add("<b>").text(format_duration(snapshot.duration)).add("</b><br><small>");
  html.text(format_duration(context.now - snapshot.begun)).add(" ago</small></dd></div>\n");
  if (context.self.cpu_share && context.self.resident_bytes) {
    begin_card(html, "The exporter takes");
    html.add("<b>").text(format_bytes(*context.self.resident_bytes)).add("</b><br><small>");
    html.text(format_share(*context.self.cpu_share))
        .add(" of a core since its start</small></dd></div>\n");
  }
  html.add("</dl>\n");
}

void add_kills(Html& html, const PageContext& context) {
  const auto all = newest_first(*context.snapshot.ledger);
  const auto without_owner = kills_without_owner(*context.snapshot.ledger);
  if (all.empty() && without_owner == 0) return;
  html.add("<section aria-labelledby=kills><h2 id=kills>OOM kills</h2>\n");
  if (without_owner > 0) {
    html.add("<p class=quiet>").number(without_owner);
    html.add(" in cgroups that were gone before anybody could look, or are forgotten.</p>\n");
  }
  if (!all.empty()) {
    html.add(
        "<div class=scroll tabindex=0 role=group aria-labelledby=kills><table class=\"wrap "
        "left\">");
    html.add(
        "<thead><tr><th scope=col>Owner<th scope=col>Kills<th scope=col>Last<th scope=col>Last "
        "victim<th scope=col>Memory before it</thead>\n<tbody>\n");
    for (std::size_t i = 0; i < std::min(all.size(), max_kills); ++i)
      add_kill_row(html, context, *all[i]);
    html.add("</tbody></table></div>\n");
  }
  if (all.size() > max_kills) {
    html.add("<p class=quiet>The last ").number(max_kills).add(" of ");
    html.number(all.size()).add(" owners.</p>\n");
  }
  html.add("</section>\n");
}

void add_collectors(Html& html, const snapshot::Snapshot& snapshot) {
  html.add(
      "<section aria-labelledby=collectors><details><summary><h2 id=collectors "
      "class=inline>Collectors</h2> <small>what the last poll read, and how long it "
      "took</small></summary>\n");
  html.add(
      "<div class=scroll tabindex=0 role=group aria-labelledby=collectors><table class=\"wrap "
      "left\">\n<thead><tr><th scope=col>Collector<th scope=col>State<th scope=col>Time<th "
      "scope=col>Reads</thead>\n<tbody>\n");
  for (std::size_t i = 0; i < catalog::collector_count; ++i) {
    const auto& outcome = snapshot.outcomes[i];
    const bool is_on = snapshot.enabled.test(i);
    html.add("<tr><th scope=row>").text(catalog::collectors[i].name).add("<td>");
    if (!is_on) {
      html.add("<span class=off>off</span>");
    } else if (outcome.has_failed) {
      html.add("<span class=bad>! errors, see the log</span>");
    } else {
      html.add("<span class=ok>✓ ok</span>");
    }
    html.add("<td>");
    if (is_on) html.text(format_duration(outcome.duration));
    html.add("<td>").text(catalog::collectors[i].help).add("\n");
  }
  html.add("</tbody></table></div></details></section>\n");
}

}  // namespace cgroup2::status
