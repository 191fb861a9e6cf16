// SPDX-License-Identifier: Apache-2.0
// Tests the rules on a tree: what is dropped, and that it stays away.
#include "cgroup/fair_share.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "cgroup/tree.h"
#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::cgroup {
namespace {

using Paths = std::vector<std::string>;

// "/u1/…" is of a user, "/w1/…" a workload; all else belongs to its top-level directory, which root
// made.
base::Subtree find_subtree(const base::Subtree& parent, std::string_view path) {
  if (parent.top != "/") return {parent.consumer_class, path.substr(0, parent.top.size()), true};
  if (path.starts_with("/u")) return {base::ConsumerClass::user, path, true};
  if (path.starts_with("/w")) return {base::ConsumerClass::workload, path, true};
  return {base::ConsumerClass::service, path, false};
}

class FairShareTest : public testing::Test {
 protected:
  FairShareTest() { tree_.set_find_subtree(find_subtree); }

  void make(const std::string& top, int count) const {
    for (int i = 0; i < count; ++i) files_.write(top + "/" + std::to_string(i) + "/", "");
  }

  // Paths below the root.
  Paths refresh() {
    passes_ = 0;
    tree_.refresh([this] { ++passes_; }, [](const Node&) {});
    Paths paths;
    for (const Node* node : tree_.nodes()) {
      EXPECT_FALSE(node->is_leaving);
      EXPECT_TRUE(node->dir.is_open());
      if (node->parent != nullptr) paths.emplace_back(node->path);
    }
    return paths;
  }

  // "TOP=DROPPED …"
  [[nodiscard]] std::string dropped() const {
    std::string text;
    for (const SubtreeUse* use : tree_.dropped_by_subtree())
      text += std::string(use->top) + "=" + std::to_string(use->dropped) + " ";
    return text;
  }

  test::Tree files_;
  test::RecordingLog log_;
  base::ReadErrors errors_{log_};
  Interface interface_;
  Tree tree_{*base::Dir::open(files_.path()), interface_, errors_};
  int passes_ = 0;
};

TEST_F(FairShareTest, TakesOnePassWhileThereIsRoom) {
  make("u1", 2);
  EXPECT_EQ(refresh(), (Paths{"/u1", "/u1/0", "/u1/1"}));
  EXPECT_EQ(passes_, 1);
  EXPECT_EQ(dropped(), "");
}

// A directory in which others appear while it is listed is listed again.
TEST_F(FairShareTest, CountsWhatIsLeftOutOnceWhileOthersAreMade) {
  constexpr std::size_t count = 4000;
  tree_.set_max_count(10);
  make("u1", 1);
  std::atomic<std::size_t> made{2};
  std::thread thread([&] {
    for (std::size_t i = 0; i < count; ++i, ++made)
      std::filesystem::create_directory(files_.path("u1/more-" + std::to_string(i)));
  });
  while (made < count) {
    refresh();
    // One may be made that is not counted yet.
    EXPECT_LE(tree_.dropped() + tree_.nodes().size() - 1, made + 1);
  }
  thread.join();
}

TEST_F(FairShareTest, AKnownCgroupOfAUserGivesWayToAPodWithAllThatIsInIt) {
  tree_.set_max_count(6);
  make("u1", 10);
  EXPECT_EQ(refresh().size(), 6U);
  EXPECT_EQ(dropped(), "/u1=5 ");
  make("w1", 2);
  EXPECT_EQ(refresh().size(), 6U);
  EXPECT_EQ(tree_.nodes().back()->path, "/w1/1");
  EXPECT_EQ(tree_.nodes()[4]->path, "/w1");
  EXPECT_EQ(tree_.nodes()[1]->path, "/u1") << "the top of a subtree goes last";
  EXPECT_EQ(tree_.dropped(), 8U);
  EXPECT_EQ(tree_.dropped_for_now(), 8U);
  EXPECT_EQ(dropped(), "/u1=8 ");
}

TEST_F(FairShareTest, UsersGiveWayBeforeServicesAndTheseBeforeWorkloads) {
  tree_.set_max_count(7);
  make("s1", 6);
  refresh();
  make("u1", 3);
  EXPECT_EQ(dropped(), "");
  refresh();
  EXPECT_EQ(dropped(), "/u1=1 ") << "a service is not dropped for a user";
  make("w1", 3);
  EXPECT_EQ(refresh().size(), 7U);
  EXPECT_EQ(dropped(), "/s1=4 /u1=1 ");
}

TEST_F(FairShareTest, TheLargestSubtreeOfAClassGivesWayUntilTheyAreEqual) {
  tree_.set_max_count(8);
  make("u1", 20);
  refresh();
  make("u2", 20);
  refresh();
  EXPECT_EQ(dropped(), "/u1=17 /u2=17 ");
  make("u3", 1);
  refresh();
  EXPECT_EQ(dropped(), "/u1=18 /u2=18 ") << "two cgroups are fewer than three";
}

TEST_F(FairShareTest, NothingGoesBackAndForth) {
  tree_.set_max_count(9);
  for (const char* top : {"u1", "u2", "s1", "s2", "w1", "w2"}) make(top, 5);
  Paths before = refresh();
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(refresh(), before);
    EXPECT_EQ(passes_, 1);
  }
}

TEST_F(FairShareTest, WhatGaveWayComesBackWhenThereIsRoom) {
  tree_.set_max_count(4);
  make("u1", 3);
  refresh();
  make("w1", 1);
  refresh();
  EXPECT_EQ(dropped(), "/u1=2 ");
  files_.remove("w1");
  EXPECT_EQ(refresh(), (Paths{"/u1", "/u1/0", "/u1/1", "/u1/2"}));
}

// Root made them, and workloads are below them.
TEST_F(FairShareTest, TheTopsOfServicesStayAndComeInWhateverElseThereIs) {
  tree_.set_max_count(4);
  make("w1", 9);
  refresh();
  files_.write("a/", "");
  EXPECT_EQ(refresh().size(), 4U);
  EXPECT_EQ(tree_.nodes()[1]->path, "/a");
  make("w2", 1);
  refresh();
  EXPECT_EQ(tree_.nodes()[1]->path, "/a");
  EXPECT_EQ(tree_.nodes().back()->path, "/w2") << "as large as the other with what is in it";
}

TEST_F(FairShareTest, LeavesGiveWayBeforeWhatIsAboveThem) {
  tree_.set_max_count(5);
  files_.write("u1/a/b/c/", "");
  files_.write("u1/d/", "");
  refresh();
  make("w1", 2);
  EXPECT_EQ(refresh(), (Paths{"/u1", "/u1/a", "/w1", "/w1/0", "/w1/1"}));
}

TEST_F(FairShareTest, ALowerBoundHoldsAtOnce) {
  make("u1", 5);
  make("w1", 2);
  files_.write("a/", "");
  files_.write("b/", "");
  refresh();
  tree_.set_max_count(4);
  EXPECT_EQ(refresh().size(), 4U);
  EXPECT_EQ(dropped(), "/u1=1 /w1=1 ");
  tree_.set_max_count(1);
  EXPECT_EQ(refresh().size(), 1U) << "not even the tops fit";
  EXPECT_EQ(refresh().size(), 1U);
  EXPECT_EQ(passes_, 1);
}

TEST_F(FairShareTest, ALongPathCountsForSeveralCgroups) {
  tree_.set_max_count(10);
  const std::string name(200, 'x');
  std::string path = "u1";
  for (int i = 0; i < 10; ++i) {
    path += '/' + name;
    files_.write(path + "/", "");
  }
  // 400 + 400 (205 bytes) + 406 + 607 + 808 + 1009 = 3630 of 4000
  EXPECT_EQ(refresh().size(), 6U);
  EXPECT_EQ(tree_.dropped(), 1U);
  make("w1", 1);
  refresh();
  EXPECT_EQ(tree_.nodes().size(), 1U + 5 + 2);
  EXPECT_EQ(tree_.nodes().back()->path, "/w1/0");
}

// The listing shows the new one first or last: it comes in the same pass or in another one.
TEST_F(FairShareTest, AReplacedCgroupComesInAtOnce) {
  tree_.set_max_count(3);
  make("w1", 2);
  refresh();
  files_.remove("w1/1");
  for (const char* name : {"w1/a/", "w1/b/"}) files_.write(name, "");
  EXPECT_EQ(refresh().size(), 3U);
  files_.remove("w1");
  make("a", 2);
  EXPECT_EQ(refresh(), (Paths{"/a", "/a/0", "/a/1"})) << "before the one that is gone";
}

TEST_F(FairShareTest, ACutSubtreeIsAnErrorOnceInAWalk) {
  tree_.set_max_count(2);
  make("u1", 9);
  refresh();
  EXPECT_EQ(errors_.counts().at({"directory", "too_many_cgroups"}), 1U);
  EXPECT_EQ(tree_.dropped(), 8U);
}

TEST_F(FairShareTest, SurvivesCgroupsThatGoWhileOthersGiveWay) {
  tree_.set_max_count(10);
  make("u1", 30);
  refresh();
  for (int round = 0; round < 20; ++round) {
    const std::string pod = "w" + std::to_string(round % 3);
    if (round % 2 == 0) files_.remove("u1/" + std::to_string(round));
    if (round >= 3) files_.remove(pod);
    make(pod, round % 4);
    files_.write(pod + "/", "");
    EXPECT_LE(refresh().size(), 10U);
  }
}

}  // namespace
}  // namespace cgroup2::cgroup
