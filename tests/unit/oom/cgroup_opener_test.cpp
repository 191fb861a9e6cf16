// SPDX-License-Identifier: Apache-2.0
#include "oom/cgroup_opener.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support/log.h"
#include "support/tree.h"

namespace cgroup2::oom {
namespace {

class CgroupOpenerTest : public testing::Test {
 protected:
  [[nodiscard]] std::uint64_t id_of(const std::string& name) const {
    return *base::Dir::open(tree_.path(name))->inode();
  }
  std::vector<OpenResult> wait_for(std::size_t count) {
    std::vector<OpenResult> results;
    while (results.size() < count) {
      for (auto& result : opener_.take_results()) results.push_back(std::move(result));
      std::this_thread::yield();
    }
    return results;
  }
  LastMemory memory(const std::string& path, std::uint64_t id) {
    opener_.post({path, id, nullptr});
    return wait_for(1).front().memory;
  }
  OpenResult watch(const std::string& path, std::uint64_t id = 0, bool is_gone = false) {
    auto pending = std::make_shared<PendingOpen>();
    pending->path = path;
    pending->parent = 7;
    pending->is_gone = is_gone;
    opener_.post({path, id, pending});
    return std::move(wait_for(1).front());
  }
  // Moved away and not deleted: a cgroup's inode is never used again, a deleted directory's is.
  void make_again(const std::string& name) const {
    std::filesystem::rename(tree_.path(name), tree_.path("gone"));
    tree_.write(name + "/memory.max", "200\n");
  }

  test::Tree tree_{{"a/memory.max", "100\n"},
                   {"a/memory.events.local", "oom_kill 2\n"},
                   {"a/b/memory.max", "1\n"},
                   {"empty/", ""}};
  test::RecordingLog log_;
  base::Inotify inotify_;
  CgroupOpener opener_{std::move(*base::Dir::open(tree_.path())), inotify_, log_};
};

TEST_F(CgroupOpenerTest, WatchesACgroupAndListsItsChildren) {
  const auto result = watch("/a");
  ASSERT_TRUE(result.opened);
  EXPECT_EQ(result.opened->watched.cgroup.id, id_of("a"));
  EXPECT_EQ(result.opened->watched.cgroup.parent, 7U);
  EXPECT_EQ(result.opened->watched.last.oom_kill, 2U);
  EXPECT_EQ(result.opened->children, std::vector<std::string>{"b"});
}

TEST_F(CgroupOpenerTest, DoesNotWatchWhatIsNotThere) {
  EXPECT_EQ(watch("/missing").opened.error().code, ENOENT);
  EXPECT_EQ(watch("/a", id_of("a") + 1).opened.error().code, ENOENT);
}

TEST_F(CgroupOpenerTest, DoesNotOpenWhatIsKnownToBeGone) {
  EXPECT_EQ(watch("/a", 0, true).opened.error().code, ENOENT);
}

TEST_F(CgroupOpenerTest, ReadsTheMemoryOfACgroup) {
  EXPECT_EQ(memory("/a", id_of("a")).limit, 100U);
}

TEST_F(CgroupOpenerTest, DoesNotReadTheMemoryOfACgroupThatHasAnothersName) {
  const auto id = id_of("a");
  make_again("a");
  EXPECT_EQ(memory("/a", id), LastMemory());
}

TEST_F(CgroupOpenerTest, ReadsNothingOfACgroupWhoseFilesAreGone) {
  EXPECT_EQ(memory("/empty", id_of("empty")), LastMemory());
}

TEST_F(CgroupOpenerTest, HasAResultForEachRequest) {
  for (int i = 0; i < 200; ++i) opener_.post({"/a", id_of("a"), nullptr});
  EXPECT_EQ(wait_for(200).size(), 200U);
}

}  // namespace
}  // namespace cgroup2::oom
