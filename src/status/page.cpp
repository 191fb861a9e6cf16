// SPDX-License-Identifier: Apache-2.0
#include "status/page.h"

#include <algorithm>
#include <array>

#include "status/cells.h"
#include "status/checks.h"
#include "status/frame.h"
#include "status/overview.h"
#include "status/rows.h"
#include "status/table.h"
#include "status/tree.h"

namespace cgroup2::status {
namespace {

void add_tab(Html& html, const View& target, bool is_current, Markup name,
             std::optional<std::size_t> count) {
  html.add("<li><a href=\"");
  add_address(html, target);
  html.add("\"");
  if (is_current) html.add(" aria-current=page");
  html.add(">").add(name);
  if (count) html.add(" <small>").number(*count).add("</small>");
  html.add("</a>");
}

void add_tabs(Html& html, const View& view, Choice shown, const ChoiceCounts& counts) {
  struct Tab {
    Choice choice;
    Markup name;
  };
  constexpr std::array tabs{Tab{Choice::containers, "Containers"}, Tab{Choice::pods, "Pods"},
                            Tab{Choice::units, "Units"}, Tab{Choice::all, "All cgroups"}};
  html.add("<nav aria-label=\"Which cgroups\"><ul class=tabs>");
  for (const auto& [choice, name] : tabs) {
    View target = view;
    target.layout = Layout::table;
    target.choice = choice;
    const bool is_current = view.layout == Layout::table && shown == choice;
    add_tab(html, target, is_current, name, counts.at(static_cast<std::size_t>(choice)));
  }
  View target = view;
  target.layout = Layout::tree;
  add_tab(html, target, view.layout == Layout::tree, "Tree", std::nullopt);
  html.add("</ul></nav>\n");
}

void add_option(Html& html, bool is_selected, std::string_view value, Markup text) {
  html.add("<option value=\"").text(value).add("\"");
  if (is_selected) html.add(" selected");
  html.add(">").add(text);
}

void add_sorting(Html& html, const View& view) {
  html.add("<div><label for=sort>Sort by</label><select id=sort name=sort>");
  for (std::size_t i = 0; i < column_count; ++i)
    add_option(html, view.sort == static_cast<Column>(i), columns.at(i).word,
               columns.at(i).heading);
  html.add("</select></div><div><label for=order>Order</label><select id=order name=order>");
  add_option(html, view.descends(), "desc", "falling");
  add_option(html, !view.descends(), "asc", "rising");
  html.add("</select></div>");
}

void add_refresh(Html& html, const View& view) {
  struct Interval {
    unsigned seconds;
    std::string_view value;
    Markup text;
  };
  constexpr std::array choices{Interval{0, "", "never"}, Interval{5, "5", "every 5 s"},
                               Interval{15, "15", "every 15 s"},
                               Interval{60, "60", "every minute"}};
  html.add("<div><label for=refresh>Refresh</label><select id=refresh name=refresh>");
  const bool is_listed =
      std::ranges::find(choices, view.refresh_seconds, &Interval::seconds) != choices.end();
  for (const auto& [seconds, value, text] : choices)
    add_option(html, seconds == view.refresh_seconds, value, text);
  if (!is_listed) {
    html.add("<option value=").number(view.refresh_seconds).add(" selected>every ");
    html.number(view.refresh_seconds).add(" s");
  }
  html.add("</select></div>");
}

void add_form(Html& html, const View& view) {
  html.add("<form method=get action=\"./\" role=search aria-label=\"Cgroups\">\n");
  if (view.layout == Layout::tree) html.add("<input type=hidden name=view value=tree>");
  if (view.choice)
    html.add("<input type=hidden name=by value=").text(to_string(*view.choice)).add(">");
  html.add(
      "<div class=grow><label for=filter>Filter</label><input type=search id=filter name=filter "
      "maxlength=200 placeholder=\"name, path, id or image\" value=\"");
  html.text(view.filter).add("\"></div>\n");
  if (view.layout == Layout::table) add_sorting(html, view);
  add_refresh(html, view);
  html.add("<button>Show</button>\n</form>\n");
}

void add_cgroups(Html& html, const PageContext& context, const View& view) {
  const ChoiceCounts counts = count_choices(context.snapshot);
  const Choice choice = take_choice(view, counts);
  html.add("<section aria-labelledby=cgroups><h2 id=cgroups>Cgroups</h2>\n");
  add_tabs(html, view, choice, counts);
  add_form(html, view);
  add_legend(html);
  if (view.layout == Layout::tree) {
    add_tree(html, context, view);
  } else {
    add_table(html, context, view, choose_rows(context, view, choice));
  }
  html.add("</section>\n");
}

}  // namespace

void write_page(const base::Sink& sink, const PageContext& context, const View& view) {
  Html html(sink);
  begin_page(html, title_of_host(context.host), view.refresh_seconds);
  add_head(html, context.host);
  add_facts(html, *context.snapshot.machine);
  begin_main(html);
  add_cards(html, context);
  add_checks(html, make_checks(context));
  add_kills(html, context);
  add_cgroups(html, context, view);
  add_collectors(html, context.snapshot);
  end_page(html, context.host.version);
  html.flush();
}

std::string render_waiting(const HostFacts& host) {
  constexpr unsigned seconds = 2;
  Html html;
  begin_page(html, title_of_host(host), seconds);
  add_head(html, host);
  begin_main(html);
  html.add(
      "<section class=notice><p>No poll is finished yet. The page asks again by "
      "itself.</p></section>\n");
  end_page(html, host.version);
  return html.take();
}

}  // namespace cgroup2::status
