// SPDX-License-Identifier: Apache-2.0
#include "snapshot/unwritten.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "cgroup/cgroup_to_read.h"

namespace cgroup2::snapshot {
namespace {

using identity::Identity;
using identity::WorkloadKind;
using Since = std::vector<std::uint64_t>;

constexpr auto never = cgroup::CgroupToRead::never;

// The root, a slice, a container in it, and a cgroup in the container, all of the host's root.
class UnwrittenTest : public testing::Test {
 protected:
  UnwrittenTest() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      nodes_[i].index = i;
      nodes_[i].owner = 0;
      nodes_[i].parent = i == 0 ? nullptr : &nodes_[i - 1];
      pointers_.push_back(&nodes_[i]);
    }
    set_kinds({WorkloadKind::other, WorkloadKind::other, WorkloadKind::other, WorkloadKind::other});
  }
  void set_kinds(std::initializer_list<WorkloadKind> kinds) {
    identities_.clear();
    for (const auto kind : kinds) {
      auto identity = std::make_shared<Identity>();
      identity->workload.kind = kind;
      identities_.push_back(std::move(identity));
    }
  }
  Since since(const Since& reported) {
    Since since;
    fill_unwritten_since(pointers_, identities_, reported, since);
    return since;
  }

  std::vector<cgroup::Node> nodes_ = std::vector<cgroup::Node>(4);
  std::vector<cgroup::Node*> pointers_;
  std::vector<std::shared_ptr<const Identity>> identities_;
};

TEST_F(UnwrittenTest, AWriteInTheParentMayHaveMadeTheFilesAnew) {
  EXPECT_EQ(since({1, 2, 3, 4}), (Since{1, 2, 3, 4}));
  EXPECT_EQ(since({1, 9, 3, 4}), (Since{1, 9, 9, 4})) << "but not those of the children's children";
  EXPECT_EQ(since({1, never, 3, 4}), (Since{1, never, never, 4}));
}

TEST_F(UnwrittenTest, NothingIsKnownWhereNobodyWatches) {
  EXPECT_EQ(since({}), (Since{never, never, never, never}));
}

TEST_F(UnwrittenTest, ATenantMayWriteUntoldWhatItOwns) {
  nodes_[2].owner = 1000;
  EXPECT_EQ(since({1, 1, 1, 1}), (Since{1, 1, never, never}));
  nodes_[2].owner.reset();
  EXPECT_EQ(since({1, 1, 1, 1}), (Since{1, 1, never, never})) << "nobody knows whose it is";
}

TEST_F(UnwrittenTest, WhoHasNoUidHereMayBeATenant) {
  for (auto& node : nodes_) node.owner = 65534;
  EXPECT_EQ(since({1, 1, 1, 1}), (Since{never, never, never, never}));
}

TEST_F(UnwrittenTest, TheHostsRootInAContainerMayWriteUntoldBelowIt) {
  for (const auto kind : {WorkloadKind::container, WorkloadKind::sandbox}) {
    set_kinds({WorkloadKind::other, WorkloadKind::other, kind, kind});
    EXPECT_EQ(since({1, 1, 1, 1}), (Since{1, 1, 1, never}));
  }
  set_kinds({WorkloadKind::other, WorkloadKind::pod, WorkloadKind::pod, WorkloadKind::other});
  EXPECT_EQ(since({1, 1, 1, 1}), (Since{1, 1, 1, 1})) << "a pod's own processes are in containers";
}

}  // namespace
}  // namespace cgroup2::snapshot
