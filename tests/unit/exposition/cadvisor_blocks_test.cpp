// SPDX-License-Identifier: Apache-2.0
#include "exposition/cadvisor_blocks.h"

#include <gtest/gtest.h>

#include <utility>

namespace cgroup2::exposition {
namespace {

std::shared_ptr<const snapshot::Cgroup> make_cgroup(const std::string& path) {
  auto identity = std::make_shared<identity::Identity>();
  identity->names.labels = {"shop"};
  return snapshot::make_cgroup(path, identity);
}

snapshot::Snapshot with(std::vector<std::shared_ptr<const snapshot::Cgroup>> cgroups) {
  snapshot::Snapshot snapshot;
  snapshot.cgroups = std::move(cgroups);
  return snapshot;
}

TEST(PreparedCadvisor, HasNothingForASnapshotWithoutCgroups) {
  PreparedCadvisor prepared;
  EXPECT_TRUE(prepared.of({}, CadvisorProfile::kubelet)->empty());
}

TEST(PreparedCadvisor, IsTheSameObjectForSnapshotsWithTheSameCgroups) {
  PreparedCadvisor prepared;
  const auto root = make_cgroup("/");
  const auto other = make_cgroup("/other");
  const auto blocks = prepared.of(with({root, other}), CadvisorProfile::kubelet);
  EXPECT_EQ(prepared.of(with({root, other}), CadvisorProfile::kubelet), blocks);
  EXPECT_NE(prepared.of(with({other, root}), CadvisorProfile::kubelet), blocks);
}

TEST(PreparedCadvisor, KeepsTheLabelsOfCgroupsThatStay) {
  PreparedCadvisor prepared;
  const auto stays = make_cgroup("/stays");
  const auto before = prepared.of(with({make_cgroup("/"), stays}), CadvisorProfile::standalone);
  const auto after = prepared.of(with({stays, make_cgroup("/comes")}), CadvisorProfile::standalone);
  EXPECT_EQ(after->at(0), before->at(1));
  EXPECT_NE(after->at(1)->text.find("/comes"), std::string::npos);
}

TEST(PreparedCadvisor, KeepsTheProfilesApart) {
  PreparedCadvisor prepared;
  const auto snapshot = with({make_cgroup("/other")});
  EXPECT_EQ(prepared.of(snapshot, CadvisorProfile::kubelet)->at(0)->text, "");
  EXPECT_NE(prepared.of(snapshot, CadvisorProfile::standalone)->at(0)->text, "");
  EXPECT_EQ(prepared.of(snapshot, CadvisorProfile::kubelet)->at(0)->text, "");
}

TEST(PreparedCadvisor, FollowsTheLabelsOfTheRuntime) {
  PreparedCadvisor prepared;
  auto snapshot = with({make_cgroup("/other")});
  snapshot.runtime_labels = std::make_shared<std::vector<std::string>>(1, "team");
  const auto text_of = [&] {
    return prepared.of(snapshot, CadvisorProfile::standalone)->at(0)->text;
  };
  EXPECT_NE(text_of().find(R"(container_label_team="shop")"), std::string::npos);
  snapshot.runtime_labels = std::make_shared<std::vector<std::string>>(1, "zone");
  EXPECT_NE(text_of().find(R"(container_label_zone="shop")"), std::string::npos);
}

}  // namespace
}  // namespace cgroup2::exposition
