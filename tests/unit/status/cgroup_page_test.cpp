// SPDX-License-Identifier: Apache-2.0
#include "status/cgroup_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "catalog/identity_label.h"
#include "scene.h"

namespace cgroup2::status {
namespace {

using testing::HasSubstr;
using testing::Not;
using Pairs = std::vector<std::pair<std::string, std::string>>;

CgroupQuery parse(Pairs parameters) { return parse_cgroup_query(parameters); }

std::string page(const Scene& scene, cgroup::CgroupIndex cgroup) {
  const auto context = scene.context();
  std::string text;
  write_cgroup(
      [&text](std::string_view piece) {
        text += piece;
        return true;
      },
      context, cgroup, 0);
  return text;
}

TEST(CgroupQuery, TakesAnIdOrAPath) {
  EXPECT_EQ(parse({{"id", "42"}, {"refresh", "5"}}).id, 42U);
  EXPECT_EQ(parse({{"id", "42"}, {"refresh", "5"}}).refresh_seconds, 5U);
  EXPECT_EQ(parse({{"path", "/a b"}}).path, "/a b");
  EXPECT_EQ(parse({{"path", "/a b"}}).problem, "");
}

TEST(CgroupQuery, RefusesWhatIsNeither) {
  for (const auto& pairs : {Pairs{}, Pairs{{"id", "x"}}, Pairs{{"id", "-1"}}, Pairs{{"id", "1 "}},
                            Pairs{{"id", "99999999999999999999"}}, Pairs{{"path", ""}},
                            Pairs{{"path", "/"}, {"refresh", "x"}}})
    EXPECT_NE(parse(pairs).problem, "");
}

TEST(CgroupQuery, FindsACgroup) {
  Scene scene;
  scene.add("/");
  scene.add("/a\n");
  EXPECT_EQ(find_cgroup(scene.snapshot, parse({{"id", "101"}})), 1U);
  EXPECT_EQ(find_cgroup(scene.snapshot, parse({{"path", "/a%0A"}})), 1U);
  EXPECT_EQ(find_cgroup(scene.snapshot, parse({{"id", "7"}})), std::nullopt);
  EXPECT_EQ(find_cgroup(scene.snapshot, parse({{"path", "/a"}})), std::nullopt);
}

TEST(CgroupPage, SaysWhoseItIsAndWhoSaidSo) {
  Scene scene;
  auto names = names_of("web-1", "app");
  names.image = "registry.example/<app>:1";
  const auto cgroup = scene.add(container_path('a'), names, identity::IdentitySource::log_links);
  const auto text = page(scene, cgroup);
  EXPECT_THAT(text, HasSubstr("<h1>app</h1>"));
  EXPECT_THAT(text, HasSubstr(">namespace</dt><dd>shop</dd>"));
  EXPECT_THAT(text, HasSubstr(">image</dt><dd>registry.example/&lt;app&gt;:1</dd>"));
  EXPECT_THAT(text, HasSubstr("<b>log_links</b> <small>The links in /var/log/containers.</small>"));
}

TEST(CgroupPage, HasThePathAndThenEveryLabelThatHasAValue) {
  Scene scene;
  auto identity = std::make_shared<identity::Identity>();
  identity->workload.unit = "u\xff.service";
  identity->names.container = "app";
  identity->names.labels = {"<shop>", "", "beyond"};
  scene.snapshot.runtime_labels = std::make_shared<const std::vector<std::string>>(
      std::vector<std::string>{"example/team", "empty"});
  const auto text = page(scene, scene.add("/a", std::move(identity)));
  const std::string help(catalog::identity_labels[index(catalog::IdentityLabel::unit)].help);
  EXPECT_THAT(text, HasSubstr("<dl class=pairs>\n<dt>cgroup</dt><dd>/a</dd>\n<dt title="));
  EXPECT_THAT(text, HasSubstr(">container</dt><dd>app</dd>\n<dt title="));
  EXPECT_THAT(text, HasSubstr(">kind</dt><dd>other</dd>\n<dt title=\"" + help +
                              "\">unit</dt><dd>u%FF.service</dd>\n"
                              "<dt>label_example_team</dt><dd>&lt;shop&gt;</dd>\n"
                              "<dt>known from</dt>"));
  EXPECT_THAT(text, Not(HasSubstr("label_empty")));
  EXPECT_THAT(text, Not(HasSubstr("name_source")));
}

TEST(CgroupPage, SaysWhoSharesItsNamespaces) {
  Scene scene;
  for (const std::uint64_t net : {7U, 7U, 8U}) {
    auto identity = std::make_shared<identity::Identity>();
    identity->namespaces.emplace();
    (*identity->namespaces)[identity::Namespace::net] = net;
    scene.add("/c" + std::to_string(scene.snapshot.cgroups.size()), std::move(identity));
  }
  EXPECT_THAT(page(scene, 0),
              HasSubstr("<dt>net</dt><dd>7 <small>shared with 1 other cgroup</small>"));
  EXPECT_THAT(page(scene, 2), HasSubstr("<dt>net</dt><dd>8 <small>no other cgroup’s</small>"));
  EXPECT_THAT(page(scene, 0), Not(HasSubstr("<dt>time</dt>")));
}

TEST(CgroupPage, HasEveryValueAsTheExpositionHasIt) {
  Scene scene;
  scene.add("/a");
  const auto cgroup = scene.add("/b");
  scene.snapshot.labels =
      std::make_shared<std::vector<std::string>>(std::vector<std::string>{"<sda>"});
  scene.set("cgroup_cpu_usage_seconds_total", 0, 999);
  scene.set("cgroup_cpu_usage_seconds_total", cgroup, 1'500'000);
  scene.snapshot.samples.columns.at(catalog::metric_index("cgroup_io_read_bytes_total"))
      .push_back({cgroup, {0, cgroup::no_label}, 18446744073709551615U});
  const auto text = page(scene, cgroup);
  EXPECT_THAT(text, HasSubstr("cgroup_cpu_usage_seconds_total</code><td>1.5\n"));
  EXPECT_THAT(text, HasSubstr("cgroup_io_read_bytes_total{device=&quot;&lt;sda&gt;&quot;}</"
                              "code><td>18446744073709551615\n"));
  EXPECT_THAT(text, Not(HasSubstr("0.000999")));
}

TEST(CgroupPage, LinksWhatIsAboveAndBelow) {
  Scene scene;
  for (const auto* path : {"/", "/a", "/a/b", "/a/b/c", "/ab"}) scene.add(path);
  const auto text = page(scene, 1);
  EXPECT_THAT(text, HasSubstr("<a href=\"cgroup?id=100\">/</a>"));
  EXPECT_THAT(text, HasSubstr("<a href=\"cgroup?id=102\">b</a>"));
  EXPECT_THAT(text, Not(HasSubstr("cgroup?id=103")));
  EXPECT_THAT(text, Not(HasSubstr("cgroup?id=104")));
  EXPECT_THAT(page(scene, 0), HasSubstr("cgroup?id=104"));
}

TEST(CgroupPage, ShowsTheKillsOfItsOwner) {
  Scene scene;
  scene.add("/a");
  scene.set_ledger(
      {.owners = {
           {{.cgroup = "/a"},
            {.kills = 2, .memory = {.peak = 1024}, .victim = {"java", "42", "memcg", "/x"}}}}});
  const auto text = page(scene, 0);
  EXPECT_THAT(text, HasSubstr("<dt>last victim</dt><dd>java</dd>"));
  EXPECT_THAT(text, HasSubstr("<dt>limit of</dt><dd>/x</dd>"));
  EXPECT_THAT(text, HasSubstr("<dt>peak before it</dt><dd>1.00 KiB</dd>"));
  EXPECT_THAT(text, Not(HasSubstr("its use")));
}

TEST(CgroupPage, SaysHowTheUseRoseBeforeTheLastKill) {
  Scene scene;
  scene.add("/a");
  scene.set_ledger(
      {.owners = {{{.cgroup = "/a"}, {.kills = 1, .rise = {2048, std::chrono::seconds(3)}}}}});
  EXPECT_THAT(page(scene, 0),
              HasSubstr("<dt>its use</dt><dd>rose from 2.00 KiB to the limit within 3 s</dd>"));
}

TEST(CgroupPage, SaysThatACgroupIsNotThere) {
  EXPECT_THAT(render_no_cgroup({}), HasSubstr("<h1>No such cgroup</h1>"));
}

// Hostile names in every place that shows one.
TEST(CgroupPage, EscapesNames) {
  const std::string evil = "<script>alert(1)</script>\"'&";
  Scene scene;
  scene.add("/" + evil);
  scene.add("/" + evil + "/" + evil, names_of(evil, evil));
  const auto text = page(scene, 1) + page(scene, 0);
  EXPECT_THAT(text, Not(HasSubstr("<script")));
  EXPECT_THAT(text, HasSubstr("&lt;script&gt;"));
}

}  // namespace
}  // namespace cgroup2::status
