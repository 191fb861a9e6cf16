// SPDX-License-Identifier: Apache-2.0
#include "oom/watch_list.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace cgroup2::oom {
namespace {

Watched watched(std::uint64_t id, const std::string& path) {
  Watched watched;
  watched.cgroup = {id, 1, id + 1000};
  watched.path = path;
  watched.watch = static_cast<int>(id);
  return watched;
}

TEST(WatchList, FindsByIdWatchAndPath) {
  WatchList list;
  const Watched* const added = &list.add(watched(2, "/a"));
  EXPECT_EQ(list.find(2), added);
  EXPECT_EQ(list.find_watch(2), added);
  EXPECT_EQ(list.find_path("/a"), added);
  EXPECT_EQ(list.find(3), nullptr);
  EXPECT_EQ(list.find_watch(3), nullptr);
  EXPECT_EQ(list.find_path("/b"), nullptr);
}

TEST(WatchList, ReplacesTheCountersOfAnotherGenerationOnly) {
  WatchList list;
  list.add(watched(2, "/a")).last.oom_kill = 5;
  EXPECT_EQ(list.add(watched(2, "/a")).last.oom_kill, 5U);
  auto other = watched(2, "/a");
  other.cgroup.generation = 9;
  EXPECT_EQ(list.add(std::move(other)).last.oom_kill, 0U);
  EXPECT_EQ(list.find(2)->cgroup.generation, 9U);
  EXPECT_EQ(list.size(), 1U);
}

TEST(WatchList, FindsTheNewCgroupOfAPathThatIsUsedAgain) {
  WatchList list;
  list.add(watched(2, "/a"));
  list.add(watched(3, "/a"));
  EXPECT_EQ(list.find_path("/a"), list.find(3));
  EXPECT_EQ(list.take_out(2).path, "/a");
  EXPECT_EQ(list.find_path("/a"), list.find(3));
  EXPECT_EQ(list.find_watch(2), nullptr);
  EXPECT_EQ(list.take_out(3).cgroup.id, 3U);
  EXPECT_EQ(list.find_path("/a"), nullptr);
}

TEST(WatchList, VisitsWhatIsBelowUntilItIsEnough) {
  WatchList list;
  for (const auto& [id, path] : std::vector<std::pair<std::uint64_t, std::string>>{
           {1, "/"}, {2, "/a"}, {3, "/a/b"}, {4, "/a/b/c"}, {5, "/ab"}})
    list.add(watched(id, path));
  const auto below = [&](std::uint64_t id, std::size_t enough) {
    std::vector<std::string> paths;
    list.visit_below(*list.find(id), [&](const Watched& each) {
      paths.emplace_back(each.path);
      return paths.size() < enough;
    });
    return paths;
  };
  EXPECT_EQ(below(2, 10), (std::vector<std::string>{"/a/b", "/a/b/c"}));
  EXPECT_EQ(below(1, 10), (std::vector<std::string>{"/a", "/a/b", "/a/b/c", "/ab"}));
  EXPECT_EQ(below(1, 2), (std::vector<std::string>{"/a", "/a/b"}));
}

}  // namespace
}  // namespace cgroup2::oom
