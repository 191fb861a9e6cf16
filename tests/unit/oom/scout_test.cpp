// SPDX-License-Identifier: Apache-2.0
#include "oom/scout.h"

#include <gtest/gtest.h>
#include <sys/inotify.h>

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

class ScoutTest : public testing::Test {
 protected:
  [[nodiscard]] std::uint64_t id_of(const std::string& name) const {
    return *base::Dir::open(tree_.path(name))->inode();
  }
  // The ids in them, as soon as that of "last" is among them, which is asked after all others.
  std::vector<std::uint64_t> memories() {
    scout_.find_memory(id_of("last"), "/last");
    std::vector<std::uint64_t> ids;
    while (std::ranges::find(ids, id_of("last")) == ids.end()) {
      for (const auto& [id, memory] : scout_.take_news().memories) ids.push_back(id);
      std::this_thread::yield();
    }
    return ids;
  }
  // Moved away and not deleted: a cgroup's inode is never used again, a deleted directory's is.
  void make_again(const std::string& name) const {
    std::filesystem::rename(tree_.path(name), tree_.path("gone"));
    tree_.write(name + "/memory.max", "200\n");
  }

  test::Tree tree_{{"a/memory.max", "100\n"}, {"last/memory.max", "1\n"}, {"empty/", ""}};
  test::RecordingLog log_;
  base::Fd inotify_{::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
  Scout scout_{std::move(*base::Dir::open(tree_.path())), inotify_.number(), log_};
};

TEST_F(ScoutTest, FindsTheMemoryOfACgroup) {
  const auto id = id_of("a");
  scout_.find_memory(id, "/a");
  std::vector<std::pair<std::uint64_t, LastMemory>> memories;
  while (memories.empty()) memories = scout_.take_news().memories;
  EXPECT_EQ(memories.front().first, id);
  EXPECT_EQ(memories.front().second.limit, 100U);
}

TEST_F(ScoutTest, DoesNotTakeTheMemoryOfACgroupThatHasAnothersName) {
  const auto id = id_of("a");
  make_again("a");
  for (int i = 0; i < 20; ++i) scout_.find_memory(id, "/a");
  EXPECT_EQ(memories(), std::vector{id_of("last")});
}

TEST_F(ScoutTest, HasNoNewsOfACgroupWhoseFilesAreGone) {
  for (int i = 0; i < 20; ++i) scout_.find_memory(id_of("empty"), "/empty");
  EXPECT_EQ(memories(), std::vector{id_of("last")});
}

TEST_F(ScoutTest, FindsOutThatACgroupIsGoneThoughAnotherHasItsName) {
  const auto id = id_of("a");
  make_again("a");
  scout_.find_out_whether_gone(id_of("last"), "/last");
  scout_.find_out_whether_gone(id, "/a");
  std::vector<std::uint64_t> gone;
  while (gone.empty()) gone = scout_.take_news().gone;
  EXPECT_EQ(gone, std::vector{id});
}

}  // namespace
}  // namespace cgroup2::oom
