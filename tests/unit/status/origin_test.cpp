// SPDX-License-Identifier: Apache-2.0
#include "status/origin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "scene.h"

namespace cgroup2::status {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string identity(const Scene& scene, cgroup::CgroupIndex cgroup) {
  Html html;
  add_identity(html, scene.snapshot, *scene.snapshot.cgroups[cgroup]);
  return html.take();
}

std::string namespaces(const Scene& scene, cgroup::CgroupIndex cgroup) {
  Html html;
  add_namespaces(html, scene.snapshot, *scene.snapshot.cgroups[cgroup]);
  return html.take();
}

cgroup::CgroupIndex add_with_namespaces(Scene& scene, const std::string& path, std::uint64_t net) {
  auto identity = std::make_shared<identity::Identity>();
  identity->namespaces.emplace();
  (*identity->namespaces)[identity::Namespace::net] = net;
  return scene.add(path, std::move(identity));
}

TEST(Origin, ShowsTheLabelsThatHaveAValueAndWhoToldThem) {
  Scene scene;
  const auto cgroup = scene.add(container_path('a'), names_of("web-1", "<app>"),
                                identity::IdentitySource::containerd);
  const auto text = identity(scene, cgroup);
  EXPECT_THAT(text, HasSubstr(">pod</dt><dd>web-1</dd>"));
  EXPECT_THAT(text, HasSubstr(">container</dt><dd>&lt;app&gt;</dd>"));
  EXPECT_THAT(text, HasSubstr("<b>containerd</b> <small>containerd’s OCI bundles."));
  EXPECT_THAT(text, HasSubstr("<dt>id</dt><dd>100"));
  EXPECT_THAT(text, Not(HasSubstr(">machine</dt>")));
  EXPECT_THAT(text, Not(HasSubstr(">name_source</dt>"))) << "which is said in words";
}

TEST(Origin, ShowsLabelsOfTheRuntimeUnderTheirNames) {
  Scene scene;
  identity::Names names;
  names.labels = {"blue"};
  const auto cgroup = scene.add("/a", std::move(names));
  scene.snapshot.runtime_labels =
      std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"my.team", "more"});
  const auto text = identity(scene, cgroup);
  EXPECT_THAT(text, HasSubstr("<dt>label_my_team</dt><dd>blue</dd>"));
  EXPECT_THAT(text, Not(HasSubstr("label_more")));
}

TEST(Origin, SaysThatNamespacesAreNotKnown) {
  Scene scene;
  EXPECT_THAT(namespaces(scene, scene.add("/a")), HasSubstr("Not known"));
}

TEST(Origin, CountsWhoSharesANamespace) {
  Scene scene;
  const auto alone = add_with_namespaces(scene, "/a", 1);
  const auto one = add_with_namespaces(scene, "/b", 2);
  (void)add_with_namespaces(scene, "/c", 2);
  const auto more = add_with_namespaces(scene, "/d", 3);
  (void)add_with_namespaces(scene, "/e", 3);
  (void)add_with_namespaces(scene, "/f", 3);
  (void)scene.add("/g");
  EXPECT_THAT(namespaces(scene, alone), HasSubstr("<dt>net</dt><dd>1 <small>no other cgroup’s"));
  EXPECT_THAT(namespaces(scene, one), HasSubstr("2 <small>shared with 1 other cgroup<"));
  EXPECT_THAT(namespaces(scene, more), HasSubstr("3 <small>shared with 2 other cgroups<"));
  EXPECT_THAT(namespaces(scene, more), Not(HasSubstr("<dt>pid</dt>")));
}

}  // namespace
}  // namespace cgroup2::status
