// SPDX-License-Identifier: Apache-2.0
#include "status/tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scene.h"
#include "status/rows.h"

namespace cgroup2::status {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string tree(const Scene& scene, const std::string& filter = "") {
  Html html;
  View view;
  view.layout = Layout::tree;
  view.filter = filter;
  const auto context = scene.context();
  add_tree(html, context, view);
  return html.take();
}

// The structure alone: a letter for each cgroup, brackets around what is below it.
std::string shape(const std::string& text) {
  std::string shape;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto rest = std::string_view(text).substr(at);
    if (rest.starts_with("</summary><ul>")) shape += '(';
    if (rest.starts_with("</ul></details>")) shape += ')';
    if (rest.starts_with("\">") && text[at - 1] >= '0' && text[at - 1] <= '9')
      shape += rest.substr(2, rest.find('<') - 2);
  }
  return shape;
}

Scene make_scene() {
  Scene scene;
  for (const auto* path : {"/", "/a", "/a/b", "/a/b/c", "/a/d", "/e"}) scene.add(path);
  return scene;
}

TEST(Tree, NestsWhatIsBelow) { EXPECT_EQ(shape(tree(make_scene())), "/(a(b(c)d)e)"); }

TEST(Tree, ShowsWhatMatchesWithWhatIsAboveIt) {
  EXPECT_EQ(shape(tree(make_scene(), "/c")), "/(a(b(c)))");
  EXPECT_EQ(shape(tree(make_scene(), "/e")), "/(e)");
  EXPECT_EQ(shape(tree(make_scene(), "nothing")), "");
  EXPECT_THAT(tree(make_scene(), "nothing"), Not(HasSubstr("<ul")));
}

TEST(Tree, MovesUpWhatIsBelowACgroupThatIsNotExported) {
  Scene scene;
  for (const auto* path : {"/a/b", "/a/b/c", "/a/bc", "/d"}) scene.add(path);
  EXPECT_EQ(shape(tree(scene)), "b(c)bcd");
}

TEST(Tree, OpensTheFirstLevelsAndWithAFilterAll) {
  const auto count = [](const std::string& text, std::string_view what) {
    std::size_t n = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
    return n;
  };
  EXPECT_EQ(count(tree(make_scene()), "<details open>"), 2U);
  EXPECT_EQ(count(tree(make_scene()), "<details>"), 1U);
  EXPECT_EQ(count(tree(make_scene(), "c"), "<details>"), 0U);
}

TEST(Tree, DoesNotNestWithoutEnd) {
  Scene scene;
  std::string path;
  for (int i = 0; i < 300; ++i) scene.add(path += "/x");
  const auto drawn = shape(tree(scene));
  EXPECT_EQ(std::ranges::count(drawn, 'x'), 300);
  EXPECT_EQ(std::ranges::count(drawn, '('), static_cast<std::ptrdiff_t>(max_level));
  EXPECT_EQ(std::ranges::count(drawn, ')'), static_cast<std::ptrdiff_t>(max_level));
}

TEST(Tree, StopsWhenNoMoreIsWanted) {
  Scene scene;
  for (std::size_t i = 0; i < max_rows; ++i) scene.add("/" + std::string(200, 'c'));
  int pieces = 0;
  const base::Sink sink = [&pieces](std::string_view) {
    ++pieces;
    return false;
  };
  Html html(sink);
  const auto context = scene.context();
  add_tree(html, context, {});
  EXPECT_FALSE(html.is_wanted());
  EXPECT_EQ(pieces, 1);
}

TEST(Tree, ShowsABoundedNumber) {
  Scene scene;
  for (std::size_t i = 0; i < max_rows + 5; ++i) scene.add("/c" + std::to_string(i));
  EXPECT_THAT(tree(scene), HasSubstr("The first 2000 of 2005 cgroups"));
}

TEST(Tree, SaysWhatACgroupUses) {
  Scene scene;
  const auto cgroup = scene.add("/<i>");
  scene.set_memory(cgroup, 100, 50, 200);
  scene.set("cgroup_pids", cgroup, 1);
  scene.set("cgroup_memory_oom_kills_total", cgroup, 3);
  const auto text = tree(scene);
  EXPECT_THAT(
      text,
      HasSubstr("100 B <small>of 200 B</small> · 1 task · <span class=bad>3 OOM kills</span>"));
  EXPECT_THAT(text, HasSubstr("&lt;i&gt;"));
}

}  // namespace
}  // namespace cgroup2::status
