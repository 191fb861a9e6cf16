// SPDX-License-Identifier: Apache-2.0
#include "status/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scene.h"

namespace cgroup2::status {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string page(const Scene& scene, const View& view = {}) {
  const auto context = scene.context();
  std::string text;
  write_page(
      [&text](std::string_view piece) {
        text += piece;
        return true;
      },
      context, view);
  return text;
}

TEST(Page, RefreshesOnlyWhenAskedTo) {
  const Scene scene;
  EXPECT_THAT(page(scene), Not(HasSubstr("http-equiv")));
  View view;
  view.refresh_seconds = 7;
  EXPECT_THAT(page(scene, view), HasSubstr("<meta http-equiv=\"refresh\" content=\"7\">"));
  EXPECT_THAT(page(scene, view), HasSubstr("<option value=7 selected>every 7 s"));
}

TEST(Page, KeepsTheFilterInItsForm) {
  View view;
  view.filter = "\"><script>";
  view.choice = Choice::pods;
  const auto text = page(Scene(), view);
  EXPECT_THAT(text, HasSubstr("value=\"&quot;&gt;&lt;script&gt;\""));
  EXPECT_THAT(text, HasSubstr("<input type=hidden name=by value=pods>"));
  EXPECT_THAT(text, Not(HasSubstr("<script")));
}

TEST(Page, ShowsTheTableOrTheTree) {
  Scene scene;
  scene.add("/");
  EXPECT_THAT(page(scene), HasSubstr("<table class=cg>"));
  View view;
  view.layout = Layout::tree;
  EXPECT_THAT(page(scene, view), HasSubstr("<ul class=tree>"));
  EXPECT_THAT(page(scene, view), Not(HasSubstr("<table class=cg>")));
}

TEST(Page, ShowsKillsOfOwnersThatAreGone) {
  Scene scene;
  scene.set_ledger({.owners = {{{.namespace_name = "shop", .pod = "web-1", .container = "app"},
                                {.kills = 2,
                                 .last_kill = std::chrono::milliseconds(1'700'000'000'000),
                                 .victim = {.comm = "java", .pid = "42"}}}},
                    .unattributed = {{"/", 4}}});
  const auto text = page(scene);
  EXPECT_THAT(text, HasSubstr("<small>container</small> app<td>2<td>"));
  EXPECT_THAT(text, HasSubstr("2023-11-14 22:13:20 UTC"));
  EXPECT_THAT(text, HasSubstr("java <small>42</small>"));
  EXPECT_THAT(text, HasSubstr("<p class=quiet>4 in cgroups that were gone"));
  EXPECT_THAT(page(Scene()), Not(HasSubstr("id=kills")));
}

TEST(Page, NamesTheUserOfAnOwnerOfKills) {
  Scene scene;
  scene.set_ledger({.owners = {{{.container = "db"}, {.kills = 1}},
                               {{.container = "db", .user = "eve"}, {.kills = 2}}}});
  const auto text = page(scene);
  EXPECT_THAT(text, HasSubstr("<small>container</small> db<td>1<td>"));
  EXPECT_THAT(text, HasSubstr("<small>container</small> db <small>user</small> eve<td>2<td>"));
}

// A CPU that goes offline, or memory that is added, is on the page after the next reading.
TEST(Page, ShowsTheMachineAsItsSnapshotHasIt) {
  Scene scene;
  scene.host.name = "node-7";
  const auto header = [&scene] {
    const auto text = page(scene);
    return text.substr(0, text.find("</header>"));
  };
  scene.set_machine({.cpus = 4, .memory = 2048, .kernel = "6.1"});
  EXPECT_THAT(header(), HasSubstr("Linux 6.1 · 4 CPUs · 2.00 KiB of memory</p>"));
  scene.set_machine({.cpus = 3, .memory = 4096, .kernel = "6.1"});
  EXPECT_THAT(header(), HasSubstr("Linux 6.1 · 3 CPUs · 4.00 KiB of memory</p>"));
}

TEST(Page, SaysThatThereIsNoPollYet) {
  HostFacts host;
  host.name = "node-7";
  EXPECT_THAT(render_waiting(host), HasSubstr("No poll is finished yet."));
  EXPECT_THAT(render_waiting(host), HasSubstr("<h1>node-7</h1>"));
  EXPECT_THAT(render_waiting(host), Not(HasSubstr("class=facts")));
}

}  // namespace
}  // namespace cgroup2::status
