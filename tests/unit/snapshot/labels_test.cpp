// SPDX-License-Identifier: Apache-2.0
#include "snapshot/labels.h"

#include <gtest/gtest.h>

namespace cgroup2::snapshot {
namespace {

std::shared_ptr<identity::Identity> identity_of(identity::Kind kind, const std::string& id) {
  auto identity = std::make_shared<identity::Identity>();
  identity->owner.kind = kind;
  identity->owner.container_id = id;
  identity->source = identity::Source::path;
  return identity;
}

TEST(Labels, LeaveOutWhatIsEmpty) {
  const auto cgroup = make_cgroup("/", std::make_shared<identity::Identity>(), {});
  EXPECT_EQ(cgroup->labels, R"(cgroup="/")");
  EXPECT_EQ(cgroup->identity_labels, R"(,kind="other",name_source="none")");
  EXPECT_EQ(cgroup->namespace_labels, "");
}

TEST(Labels, EscapeThePath) {
  const auto cgroup = make_cgroup("/a\"b\\x2d\xff\n", std::make_shared<identity::Identity>(), {});
  EXPECT_EQ(cgroup->labels,
            "cgroup=\"/a\\\"b\\\\x2d\xef\xbf\xbd"
            "FF\xef\xbf\xbd"
            "0A\"");
}

TEST(Labels, PutTheContainerIdOnEverySeriesOfAContainer) {
  auto identity = identity_of(identity::Kind::container, "abc");
  identity->owner.runtime = "crio";
  identity->owner.pod_uid = "u-1";
  identity->owner.qos = "burstable";
  const auto cgroup = make_cgroup("/x", identity, {});
  EXPECT_EQ(cgroup->labels, R"(cgroup="/x",container_id="abc")");
  EXPECT_EQ(cgroup->identity_labels,
            R"(,kind="container",runtime="crio",pod_uid="u-1",qos="burstable",name_source="path")");
}

TEST(Labels, KeepTheContainerIdOfAMonitorOffItsSeries) {
  const auto cgroup = make_cgroup("/x", identity_of(identity::Kind::conmon, "abc"), {});
  EXPECT_EQ(cgroup->labels, R"(cgroup="/x")");
  EXPECT_EQ(cgroup->identity_labels, R"(,container_id="abc",kind="conmon",name_source="path")");
}

TEST(Labels, ShowTheNamespacesThatTheKernelHas) {
  auto identity = identity_of(identity::Kind::other, "");
  identity->namespaces.emplace();
  (*identity->namespaces)[identity::Namespace::pid] = 4026531836;
  (*identity->namespaces)[identity::Namespace::cgroup] = 4026531835;
  EXPECT_EQ(make_cgroup("/x", identity, {})->namespace_labels,
            R"(,pid="4026531836",cgroup_ns="4026531835")");
}

}  // namespace
}  // namespace cgroup2::snapshot
