// SPDX-License-Identifier: Apache-2.0
#include "status/rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scene.h"

namespace cgroup2::status {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> names(const PageContext& context, const View& view,
                               Choice choice = Choice::all) {
  std::vector<std::string> names;
  for (const cgroup::CgroupIndex cgroup : choose_rows(context, view, choice).cgroups)
    names.push_back(make_row(context, cgroup).title.name);
  return names;
}

Scene make_scene() {
  Scene scene;
  scene.add("/");
  const auto small = scene.add(container_path('a'), names_of("web-1", "app"));
  const auto large = scene.add(container_path('b'), names_of("db-0", "postgres"));
  scene.add("/system.slice/ssh.service");
  scene.set_memory(small, 100, 90, 200);
  scene.set_memory(large, 1000, 100, 2000);
  return scene;
}

TEST(Rows, ChoosesWhatIsAskedFor) {
  const Scene scene = make_scene();
  const auto context = scene.context();
  EXPECT_THAT(names(context, {}, Choice::containers), ElementsAre("postgres", "app"));
  EXPECT_THAT(names(context, {}, Choice::units), ElementsAre("ssh.service"));
  EXPECT_THAT(names(context, {}, Choice::pods), IsEmpty());
  EXPECT_THAT(names(context, {}), ElementsAre("postgres", "app", "/", "ssh.service"));
}

TEST(Rows, CountsEveryChoiceAndTakesTheBest) {
  const Scene scene = make_scene();
  const ChoiceCounts counts = count_choices(scene.snapshot);
  EXPECT_THAT(counts, ElementsAre(4, 2, 0, 1));
  EXPECT_EQ(take_choice({}, counts), Choice::containers);
  EXPECT_EQ(take_choice({}, {3, 0, 0, 1}), Choice::units);
  EXPECT_EQ(take_choice({}, {3, 0, 0, 0}), Choice::all);
  View pods;
  pods.choice = Choice::pods;
  EXPECT_EQ(take_choice(pods, counts), Choice::pods);
}

TEST(Rows, SortsByEveryColumnInBothOrders) {
  Scene scene = make_scene();
  const auto context = scene.context();
  View view;
  view.sort = Column::limit;
  EXPECT_THAT(names(context, view, Choice::containers), ElementsAre("app", "postgres"));
  view.is_descending = false;
  EXPECT_THAT(names(context, view, Choice::containers), ElementsAre("postgres", "app"));
  view.sort = Column::name;
  EXPECT_THAT(names(context, view, Choice::containers), ElementsAre("app", "postgres"));
  view.is_descending = true;
  EXPECT_THAT(names(context, view, Choice::containers), ElementsAre("postgres", "app"));
}

TEST(Rows, HasWhatIsNotKnownLastInBothOrders) {
  const Scene scene = make_scene();
  const auto context = scene.context();
  View view;
  view.is_descending = false;
  EXPECT_THAT(names(context, view), ElementsAre("app", "postgres", "/", "ssh.service"));
}

TEST(Rows, FiltersByNamesPathIdAndImageWhateverTheCase) {
  Scene scene = make_scene();
  auto names_with_image = names_of("x", "y");
  names_with_image.image = "registry.example/Nginx:1";
  scene.add(container_path('c'), names_with_image);
  const auto context = scene.context();
  View view;
  const std::vector<std::pair<std::string, std::vector<std::string>>> rows = {
      {"POSTGRES", {"postgres"}}, {"shop/web", {"app"}},    {"ssh", {"ssh.service"}},
      {"nginx", {"y"}},           {"bbbbbb", {"postgres"}}, {"nothing", {}},
  };
  for (const auto& [filter, expected] : rows) {
    view.filter = filter;
    EXPECT_EQ(names(context, view), expected) << filter;
  }
}

TEST(Rows, ShowsABoundedNumber) {
  Scene scene;
  for (std::size_t i = 0; i < max_rows + 5; ++i) scene.add("/c" + std::to_string(i));
  const auto context = scene.context();
  const Rows rows = choose_rows(context, {}, Choice::all);
  EXPECT_EQ(rows.cgroups.size(), max_rows);
  EXPECT_EQ(rows.matching, max_rows + 5);
}

TEST(Rows, TakesTheLargerCountOfKills) {
  Scene scene;
  const auto pod = scene.add("/a");
  scene.add("/b");
  scene.set("cgroup_memory_oom_kills_total", pod, 2);
  scene.set_ledger(
      {.owners = {{{.cgroup = "/a"}, {.kills = 1}}, {{.cgroup = "/b"}, {.kills = 5}}}});
  const auto context = scene.context();
  EXPECT_EQ(make_row(context, 0).value(Column::oom_kills), 2);
  EXPECT_EQ(make_row(context, 1).value(Column::oom_kills), 5);
}

TEST(Rows, HasNoShareOfNoLimit) {
  Scene scene;
  scene.set_memory(scene.add("/a"), 10, 5, 0);
  const auto context = scene.context();
  EXPECT_FALSE(make_row(context, 0).value(Column::limit));
}

}  // namespace
}  // namespace cgroup2::status
