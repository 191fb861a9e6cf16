// SPDX-License-Identifier: Apache-2.0
#include "status/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scene.h"

namespace cgroup2::status {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string table(const Scene& scene, const View& view = {}) {
  Html html;
  const auto context = scene.context();
  add_table(html, context, view, choose_rows(context, view, Choice::all));
  return html.take();
}

TEST(Table, ShowsMemoryAgainstItsLimitInThreeParts) {
  Scene scene;
  scene.set_memory(scene.add("/a"), 150 << 20, 50 << 20, 200 << 20);
  const auto text = table(scene);
  EXPECT_THAT(text, HasSubstr("<rect class=u width=\"25%\"/>"
                              "<rect class=c x=\"25%\" width=\"50%\"/></svg>"
                              "150 MiB <small>of 200 MiB</small><td>25 %"));
}

TEST(Table, MarksMemoryThatIsAboutToHitItsLimit) {
  Scene scene;
  scene.set_memory(scene.add("/a"), 195, 190, 200);
  EXPECT_THAT(table(scene), HasSubstr("<rect class=h width=\"95%\"/>"));
  EXPECT_THAT(table(scene), HasSubstr("<td class=bad>95 %"));
}

TEST(Table, ShowsNothingForWhatIsNotKnown) {
  Scene scene;
  scene.add("/a");
  EXPECT_THAT(table(scene), HasSubstr("/a</a><td><td><td><td><td><td><td><td><td></tbody>"));
}

TEST(Table, SaysWhatRatesAreOf) {
  Scene scene;
  scene.snapshot.begun = base::TimePoint(std::chrono::seconds(10));
  const auto cgroup = scene.add("/a");
  scene.set("cgroup_cpu_usage_seconds_total", cgroup, 1'000'000);
  scene.set("cgroup_io_pressure_waiting_seconds_total", cgroup, 0);
  EXPECT_THAT(table(scene), HasSubstr("take two readings"));
  scene.history.note(scene.snapshot);
  scene.snapshot.begun += std::chrono::seconds(4);
  scene.snapshot.samples = {};
  scene.set("cgroup_cpu_usage_seconds_total", cgroup, 3'000'000);
  scene.set("cgroup_io_pressure_waiting_seconds_total", cgroup, 400'000);
  const auto text = table(scene);
  EXPECT_THAT(text, HasSubstr("average of the last 4.0 s"));
  EXPECT_THAT(text, HasSubstr("<td>0.50<td><td><td><td>10 %<td>"));
}

TEST(Table, SaysWhichColumnItIsSortedByAndLinksTheOtherOrder) {
  Scene scene;
  scene.add("/a");
  EXPECT_THAT(table(scene),
              HasSubstr("<th scope=col aria-sort=descending><a href=\"./?order=asc\""));
  View view;
  view.sort = Column::name;
  view.filter = "a";
  view.refresh_seconds = 5;
  const auto text = table(scene, view);
  EXPECT_THAT(text, HasSubstr("<th scope=col aria-sort=ascending><a "
                              "href=\"./?sort=name&amp;order=desc&amp;filter=a&amp;refresh=5\""));
  EXPECT_THAT(text, HasSubstr("<th scope=col><a href=\"./?sort=cpu&amp;filter=a&amp;refresh=5\""));
}

TEST(Table, ShowsTheLastVictim) {
  Scene scene;
  scene.add("/a");
  scene.set_ledger(
      {.owners = {{{.cgroup = "/a"},
                   {.kills = 2, .victim = {.comm = "<b>", .pid = "7", .constraint = "memcg"}}}}});
  EXPECT_THAT(table(scene), HasSubstr("<td class=bad>2 <small>&lt;b&gt; (7)</small>"));
}

TEST(Table, SaysWhenItDoesNotShowAll) {
  Scene scene;
  for (std::size_t i = 0; i < max_rows + 1; ++i) scene.add("/c" + std::to_string(i));
  EXPECT_THAT(table(scene), HasSubstr("The first 2000 of 2001 cgroups"));
}

TEST(Table, EscapesNames) {
  Scene scene;
  scene.add("/<script>alert(1)</script>\"'&");
  const auto text = table(scene);
  EXPECT_THAT(text, Not(HasSubstr("<script")));
  EXPECT_THAT(text, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"));
}

}  // namespace
}  // namespace cgroup2::status
