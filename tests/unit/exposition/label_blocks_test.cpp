// SPDX-License-Identifier: Apache-2.0
#include "exposition/label_blocks.h"

#include <gtest/gtest.h>

#include <thread>

#include "snapshot/cgroup.h"

namespace cgroup2::exposition {
namespace {

std::shared_ptr<const snapshot::Cgroup> make_cgroup(const std::string& path,
                                                    const std::string& unit = "u") {
  auto identity = std::make_shared<identity::Identity>();
  identity->workload.unit = unit;
  identity->names.labels = {"shop"};
  return snapshot::make_cgroup(path, identity);
}

snapshot::Snapshot with(std::vector<std::shared_ptr<const snapshot::Cgroup>> cgroups) {
  snapshot::Snapshot snapshot;
  snapshot.cgroups = std::move(cgroups);
  return snapshot;
}

catalog::IdentityLabelSet only(catalog::IdentityLabel label) {
  return catalog::IdentityLabelSet().set(index(label));
}

TEST(PreparedLabels, HaveNothingForASnapshotWithoutCgroups) {
  PreparedLabels labels;
  EXPECT_TRUE(labels.of({})->of_cgroups().empty());
  EXPECT_TRUE(labels.of({})->on_series().empty());
}

TEST(PreparedLabels, AreInTheOrderOfTheSnapshot) {
  PreparedLabels labels;
  const auto blocks = labels.of(with({make_cgroup("/b"), make_cgroup("/a")}));
  ASSERT_EQ(blocks->on_series().size(), 2U);
  EXPECT_EQ(blocks->on_series()[0], R"(cgroup="/b")");
  EXPECT_EQ(blocks->on_series()[1], R"(cgroup="/a")");
  EXPECT_EQ(blocks->of_cgroups()[1]->on_info, R"(,kind="other",unit="u",name_source="none")");
}

TEST(PreparedLabels, AreTheSameObjectForSnapshotsWithTheSameCgroups) {
  PreparedLabels labels;
  const auto a = make_cgroup("/a");
  const auto b = make_cgroup("/b");
  const auto blocks = labels.of(with({a, b}));
  EXPECT_EQ(labels.of(with({a, b})), blocks);
  EXPECT_NE(labels.of(with({b, a})), blocks);
}

TEST(PreparedLabels, AreKeptOfTheCgroupsThatStay) {
  PreparedLabels labels;
  const auto stays = make_cgroup("/stays");
  const auto before = labels.of(with({make_cgroup("/goes"), stays, make_cgroup("/changes", "u")}));
  const auto after = labels.of(with({stays, make_cgroup("/changes", "v"), make_cgroup("/comes")}));
  EXPECT_EQ(after->of_cgroups()[0], before->of_cgroups()[1]);
  EXPECT_EQ(after->of_cgroups()[1]->on_info, R"(,kind="other",unit="v",name_source="none")");
  EXPECT_EQ(after->on_series()[2], R"(cgroup="/comes")");
}

TEST(PreparedLabels, AreForgottenWithTheCgroupsThatAreGone) {
  PreparedLabels labels;
  auto gone = make_cgroup("/gone");
  const std::weak_ptr<const snapshot::Cgroup> cgroup = gone;
  const std::weak_ptr<const CgroupLabels> block =
      labels.of(with({std::move(gone)}))->of_cgroups()[0];
  EXPECT_FALSE(cgroup.expired()) << "its address must not become another cgroup's";
  (void)labels.of({});
  EXPECT_TRUE(cgroup.expired());
  EXPECT_TRUE(block.expired());
}

TEST(PreparedLabels, OutliveWhatForgetsThemWhileSomebodyWritesThem) {
  PreparedLabels labels;
  const auto blocks = labels.of(with({make_cgroup("/a")}));
  (void)labels.of(with({make_cgroup("/b")}));
  EXPECT_EQ(blocks->on_series()[0], R"(cgroup="/a")");
}

TEST(PreparedLabels, FollowAnotherChoiceOfLabels) {
  PreparedLabels labels(only(catalog::IdentityLabel::unit));
  const auto snapshot = with({make_cgroup("/a")});
  const auto before = labels.of(snapshot);
  EXPECT_EQ(before->on_series()[0], R"(cgroup="/a",unit="u")");
  labels.set_on_series(only(catalog::IdentityLabel::kind));
  const auto after = labels.of(snapshot);
  EXPECT_EQ(after->on_series()[0], R"(cgroup="/a",kind="other")");
  EXPECT_EQ(after->of_cgroups()[0]->on_info, R"(,unit="u",name_source="none")");
  EXPECT_EQ(before->on_series()[0], R"(cgroup="/a",unit="u")");
}

TEST(PreparedLabels, NameTheRuntimesLabelsThatTheSnapshotHas) {
  PreparedLabels labels;
  auto snapshot = with({make_cgroup("/a")});
  const std::string before = R"(,kind="other",unit="u",name_source="none")";
  EXPECT_EQ(labels.of(snapshot)->of_cgroups()[0]->on_info, before);
  snapshot.runtime_labels =
      std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"team"});
  EXPECT_EQ(labels.of(snapshot)->of_cgroups()[0]->on_info, before + R"(,label_team="shop")");
}

TEST(PreparedLabels, ArePreparedOnceForManyThreads) {
  PreparedLabels labels;
  std::vector<std::shared_ptr<const snapshot::Cgroup>> cgroups;
  for (int i = 0; i < 100; ++i) cgroups.push_back(make_cgroup("/c" + std::to_string(i)));
  const auto snapshot = with(cgroups);
  std::vector<std::shared_ptr<const LabelBlocks>> seen(4);
  {
    std::vector<std::jthread> threads;
    for (auto& blocks : seen) threads.emplace_back([&] { blocks = labels.of(snapshot); });
  }
  for (const auto& blocks : seen) EXPECT_EQ(blocks, seen[0]);
}

}  // namespace
}  // namespace cgroup2::exposition
