// SPDX-License-Identifier: Apache-2.0
#include "snapshot/containers_first.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <vector>

#include "identity/paths.h"

namespace cgroup2::snapshot {
namespace {

using Places = std::vector<std::size_t>;

const std::string container = "/docker-" + std::string(64, 'a') + ".scope";

class ContainersFirstTest : public testing::Test {
 protected:
  void add(const std::string& path) {
    cgroup::Node& node = nodes.emplace_back();
    node.path = path;
    node.id = 100 + nodes.size();
    node.index = nodes.size() - 1;
    auto identity = std::make_shared<identity::Identity>();
    identity->workload = identity::parse_path(path);
    cgroups.push_back(make_cgroup(node.path, std::move(identity), node.id));
    wanted.push_back(&node);
  }

  std::deque<cgroup::Node> nodes;
  std::vector<std::shared_ptr<const Cgroup>> cgroups;
  std::vector<const cgroup::Node*> wanted;
  ContainersFirst containers_first;
};

TEST_F(ContainersFirstTest, LetsUsersGiveWayAndContainersStay) {
  add("/user.slice/user-1000.slice/a.scope");
  add("/system.slice/a.service");
  add(container);
  add(container + "/inside");
  EXPECT_EQ(containers_first.find_excess(wanted, cgroups, 4), Places());
  EXPECT_EQ(containers_first.find_excess(wanted, cgroups, 3), (Places{0}));
  EXPECT_EQ(containers_first.find_excess(wanted, cgroups, 2), (Places{0, 1}));
  EXPECT_EQ(containers_first.find_excess(wanted, cgroups, 1), (Places{0, 1, 3}));
  EXPECT_EQ(containers_first.find_excess(wanted, cgroups, 9), Places());
}

TEST_F(ContainersFirstTest,
       KeepsContainersLongerThanPodsAndTheseLongerThanTheRestWhicheverIsOlder) {
  add("/docker-" + std::string(64, 'b') + ".scope/inside");
  add("/kubepods/pod2c48913c-b29f-11e7-9350-020968147796");
  add(container);
  EXPECT_EQ(containers_first.find_excess(wanted, cgroups, 2), (Places{0}));
  EXPECT_EQ(containers_first.find_excess(wanted, cgroups, 1), (Places{0, 1}));
}

TEST_F(ContainersFirstTest, DecidesAnewWhereOthersAreWanted) {
  add("/system.slice/a.service");
  add("/system.slice/b.service");
  EXPECT_EQ(containers_first.find_excess(wanted, cgroups, 1), (Places{1}));
  add(container);
  EXPECT_EQ(containers_first.find_excess(wanted, cgroups, 1), (Places{0, 1}));
  wanted.erase(wanted.begin());
  EXPECT_EQ(containers_first.find_excess(wanted, cgroups, 1), (Places{0}));
}

TEST(ErasePlaces, KeepsTheOrderOfTheOthers) {
  std::vector<int> elements{0, 1, 2, 3, 4};
  erase_places(elements, std::vector<std::size_t>{0, 2, 4});
  EXPECT_EQ(elements, (std::vector<int>{1, 3}));
  erase_places(elements, std::vector<std::size_t>{});
  EXPECT_EQ(elements, (std::vector<int>{1, 3}));
}

}  // namespace
}  // namespace cgroup2::snapshot
