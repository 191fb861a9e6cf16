// SPDX-License-Identifier: Apache-2.0
#include "snapshot/network_owners.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <string>

#include "identity/paths.h"
#include "support/tree.h"

namespace cgroup2::snapshot {
namespace {

using identity::Namespace;
using identity::WorkloadKind;
using testing::ElementsAre;

constexpr std::uint64_t hosts = 1;

class NetworkOwnersTest : public testing::Test {
 protected:
  NetworkOwnersTest() {
    files_.link("1/ns/mnt", "mnt:[5]");
    files_.link("1/ns/net", "net:[1]");
    host_.read(*base::Dir::open(files_.path()));
  }

  // A cgroup whose process lives in that network namespace; 0: it has no process.
  std::size_t add(const std::string& path, std::uint64_t network) {
    const std::size_t at = cgroups_.size();
    std::size_t parent = identity::ResolverInput::no_parent;
    for (std::size_t i = 0; i < at; ++i) {
      const bool is_above = paths_[i] == "/" || path.starts_with(paths_[i] + "/");
      if (is_above && (parent > i || paths_[i].size() > paths_[parent].size())) parent = i;
    }
    paths_.push_back(path);
    cgroups_.push_back({100 + at, parent, paths_.back(), nullptr});
    auto identity = std::make_shared<identity::Identity>();
    identity->workload = identity::parse_path(path);
    if (network != 0) {
      identity->namespaces.emplace();
      (*identity->namespaces)[Namespace::net] = network;
    }
    made_.push_back(identity);
    identities_.push_back(identity);
    return at;
  }

  void make_sandbox(std::size_t at) { made_[at]->workload.kind = WorkloadKind::sandbox; }

  std::vector<OwnedNetwork> find() const {
    return find_owned_networks(cgroups_, identities_, host_);
  }

  // The path of the only owner.
  std::string owner() const {
    const auto networks = find();
    return networks.size() == 1 ? paths_[networks.front().owner]
                                : std::to_string(networks.size()) + " networks";
  }

  test::Tree files_;
  identity::HostNamespaces host_;
  std::deque<std::string> paths_;
  std::vector<identity::ResolverInput> cgroups_;
  std::vector<std::shared_ptr<identity::Identity>> made_;
  std::vector<std::shared_ptr<const identity::Identity>> identities_;
};

const std::string slice = "/kubepods.slice/kubepods-pod0b9f2f9e_6f6a_4c4e_8d7e_000000000001.slice";
std::string scope(char digit) { return "/cri-containerd-" + std::string(64, digit) + ".scope"; }

TEST_F(NetworkOwnersTest, AreNobodyInTheHostsNamespace) {
  add("/", 0);
  add("/init.scope", hosts);
  add("/system.slice/ssh.service", hosts);
  EXPECT_EQ(owner(), "0 networks");
}

TEST_F(NetworkOwnersTest, AreNobodyWhileTheHostsNamespaceIsUnknown) {
  host_ = identity::HostNamespaces();
  add("/system.slice/docker-" + std::string(64, 'a') + ".scope", 7);
  EXPECT_EQ(owner(), "0 networks");
}

TEST_F(NetworkOwnersTest, AreTheSandboxOfAPod) {
  add(slice, 0);
  add(slice + scope('a'), 7);
  const auto sandbox = add(slice + scope('b'), 7);
  make_sandbox(sandbox);
  add(slice + scope('c'), 7);
  EXPECT_EQ(owner(), slice + scope('b'));
  EXPECT_THAT(find().front().members, ElementsAre(1, 2, 3));
}

TEST_F(NetworkOwnersTest, AreThePodWhoseSandboxIsNotKnown) {
  add(slice, 0);
  add(slice + scope('a'), 7);
  EXPECT_EQ(owner(), slice);
  add(slice + scope('b'), 7);
  EXPECT_EQ(owner(), slice);
}

TEST_F(NetworkOwnersTest, AreTheContainerWhereThePodHasNoCgroup) {
  add(slice + scope('a'), 7);
  EXPECT_EQ(owner(), slice + scope('a'));
}

TEST_F(NetworkOwnersTest, AreTheWholeContainerWhoseServicesLiveInIt) {
  const std::string docker = "/system.slice/docker-" + std::string(64, 'a') + ".scope";
  add("/system.slice", 0);
  add(docker, 0);
  add(docker + "/init.scope", 7);
  add(docker + "/system.slice", 0);
  add(docker + "/system.slice/web.service", 7);
  EXPECT_EQ(owner(), docker);
}

TEST_F(NetworkOwnersTest, AreTheServiceWithItsOwnCgroupsBelow) {
  add("/system.slice", 0);
  add("/system.slice/web.service", 0);
  add("/system.slice/web.service/worker", 7);
  add("/system.slice/web.service/manager", 7);
  EXPECT_EQ(owner(), "/system.slice/web.service");
}

TEST_F(NetworkOwnersTest, AreTheContainerThatWasThereFirst) {
  const std::string first = "/docker/" + std::string(64, 'f');
  add("/docker", 0);
  add(first, 7);
  add("/docker/" + std::string(64, 'a'), 7);
  EXPECT_EQ(owner(), first);
}

TEST_F(NetworkOwnersTest, AreTheContainerAndNotTheCgroupOfAProcessThatStrayed) {
  const std::string docker = "/lab.slice/docker-" + std::string(64, 'a') + ".scope";
  const auto strayed = add("/x", 7);
  add("/lab.slice", 0);
  const auto container = add(docker, 7);
  made_[strayed]->workload = made_[container]->workload;
  EXPECT_EQ(owner(), docker);
}

TEST_F(NetworkOwnersTest, AreTheTopmost) {
  add("/a", 0);
  add("/a/b", 7);
  add("/c", 7);
  EXPECT_EQ(owner(), "/c");
}

TEST_F(NetworkOwnersTest, TakeTurnsBySubtree) {
  for (int i = 0; i < 3; ++i)
    add("/user.slice/user-1000.slice/" + std::to_string(i), 10 + static_cast<std::uint64_t>(i));
  add("/system.slice/web.service", 20);
  add("/docker/" + std::string(64, 'a'), 30);
  std::vector<std::uint64_t> inodes;
  for (const auto& network : find()) inodes.push_back(network.inode);
  EXPECT_THAT(inodes, ElementsAre(10, 20, 30, 11, 12));
}

}  // namespace
}  // namespace cgroup2::snapshot
