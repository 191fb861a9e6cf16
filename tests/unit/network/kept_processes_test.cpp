// SPDX-License-Identifier: Apache-2.0
#include "network/kept_processes.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "support/tree.h"

namespace cgroup2::network {
namespace {

// Processes are directories with a file that has the inode of their namespace.
class Scene : public ProcessFinder {
 public:
  void live(const std::string& pid, std::uint64_t inode) {
    tree.write(pid + "/inode", std::to_string(inode));
    pids[inode] = pid;
  }

  [[nodiscard]] bool is_in(const base::Dir& process, std::uint64_t inode) override {
    char buffer[32];
    const auto text = process.read_at("inode", buffer);
    return text && *text == std::to_string(inode);
  }

  [[nodiscard]] base::Dir find(std::size_t at) override {
    ++asked;
    const auto known = pids.find(wanted.at(at));
    auto opened = base::Dir::open(tree.path(known == pids.end() ? "none" : known->second));
    return opened ? std::move(*opened) : base::Dir();
  }

  void refresh() { kept.refresh(wanted, *this); }

  test::Tree tree;
  std::map<std::uint64_t, std::string> pids;
  std::vector<std::uint64_t> wanted;
  KeptProcesses kept;
  int asked = 0;
};

TEST(KeptProcesses, AreLookedForOnce) {
  Scene scene;
  scene.live("10", 1);
  scene.live("20", 2);
  scene.wanted = {1, 2};
  for (int poll = 0; poll < 3; ++poll) scene.refresh();
  EXPECT_EQ(scene.asked, 2);
  EXPECT_EQ(scene.kept.size(), 2U);
  ASSERT_NE(scene.kept.of(2), nullptr);
  EXPECT_TRUE(scene.is_in(*scene.kept.of(2), 2));
}

TEST(KeptProcesses, AreReplacedWhenTheyEnd) {
  Scene scene;
  scene.live("10", 1);
  scene.wanted = {1};
  scene.refresh();
  scene.tree.remove("10");
  scene.live("11", 1);
  scene.refresh();
  ASSERT_NE(scene.kept.of(1), nullptr);
  EXPECT_TRUE(scene.is_in(*scene.kept.of(1), 1));
}

TEST(KeptProcesses, AreReplacedWhenTheyLiveElsewhereNow) {
  Scene scene;
  scene.live("10", 1);
  scene.wanted = {1};
  scene.refresh();
  scene.tree.write("10/inode", "2");
  scene.pids.clear();
  scene.refresh();
  EXPECT_EQ(scene.kept.of(1), nullptr);
  EXPECT_EQ(scene.kept.size(), 0U) << "the descriptor is closed";
}

TEST(KeptProcesses, AreForgottenWithTheNamespace) {
  Scene scene;
  scene.live("10", 1);
  scene.live("20", 2);
  scene.wanted = {1, 2};
  scene.refresh();
  scene.wanted = {2};
  scene.refresh();
  EXPECT_EQ(scene.kept.of(1), nullptr);
  EXPECT_EQ(scene.kept.size(), 1U);
  scene.kept.drop(2);
  EXPECT_EQ(scene.kept.of(2), nullptr);
}

}  // namespace
}  // namespace cgroup2::network
