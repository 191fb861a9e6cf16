// SPDX-License-Identifier: Apache-2.0
#include "oom/watch_state.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cgroup2::oom {
namespace {

using namespace std::chrono_literals;

// Cgroups whose files are made up: by id their kills, and those that are gone.
class WatchStateTest : public testing::Test {
 protected:
  static constexpr std::size_t max_count = 100;

  // "/user-1/…" is a user's, "/pod-1/…" a workload's. What is above them is root's.
  static base::Subtree subtree_of(std::string_view path) {
    const auto top = path.substr(0, path.find('/', 1));
    if (top.starts_with("/user-")) return {base::ConsumerClass::user, top, true};
    if (top.starts_with("/pod-")) return {base::ConsumerClass::workload, top, true};
    return {base::ConsumerClass::service, top, false};
  }

  static Observation observed(std::uint64_t id, std::string_view path, std::uint64_t parent = 1) {
    return {.cgroup = {id, id == 1 ? 0 : parent, id == 1 ? 0 : id + 1000}, .path = path};
  }
  WatchReport report(const std::vector<Observation>& observations) {
    return state_.report(observations, now_, now_, [this] { ++serves_; });
  }
  // Answers a request as if the cgroup of that id were there.
  OpenResult opened(const OpenRequest& request, std::uint64_t id,
                    std::vector<std::string> children = {}) {
    OpenedCgroup cgroup;
    cgroup.watched.cgroup = {id, request.pending->parent, id == 1 ? 0 : id + 1000};
    cgroup.watched.path = request.path;
    cgroup.watched.watch = static_cast<int>(id);
    if (id != 1) cgroup.watched.events = base::Fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    cgroup.children = std::move(children);
    return {request, std::move(cgroup), {}};
  }
  static OpenResult failed(const OpenRequest& request, int code) {
    return {request, base::Error{code, "open directory"}, {}};
  }
  // Watches the root and "/a", which is cgroup 2.
  void watch_a() { watch(all_); }
  void watch(const std::vector<Observation>& observations) {
    (void)report(observations);
    for (const auto& request : state_.take_requests())
      state_.on_opened(opened(request, request.id), now_);
    (void)report(observations);
    (void)state_.take_has_news();
  }
  static std::vector<int> sorted(std::vector<int> numbers) {
    std::ranges::sort(numbers);
    return numbers;
  }
  void event(int watch, std::uint32_t mask, std::string_view name) {
    state_.on_event({watch, mask, name}, now_);
  }
  // Of the cgroups that are to be watched.
  std::vector<std::string> paths() {
    std::vector<std::string> paths;
    for (auto& request : state_.take_requests()) {
      if (request.pending) paths.emplace_back(request.path);
    }
    return paths;
  }
  OpenRequest request_for(const std::string& path) {
    for (auto& request : state_.take_requests()) {
      if (request.path == path) return request;
    }
    ADD_FAILURE() << path << " is not opened";
    return {};
  }

  std::map<std::uint64_t, std::uint64_t> kills_;
  std::set<std::uint64_t> gone_;
  int serves_ = 0;
  base::TimePoint now_{1h};
  const std::vector<Observation> all_{observed(1, "/"), observed(2, "/a")};
  WatchState state_{{max_count, subtree_of},
                    [this](Watched& watched) {
                      if (gone_.contains(watched.cgroup.id)) return false;
                      watched.last.oom_kill = kills_[watched.cgroup.id];
                      return true;
                    },
                    now_};
};

using Paths = std::vector<std::string>;

constexpr std::string_view numbered[] = {"/user-2/1", "/user-2/2", "/user-2/3", "/user-2/4",
                                         "/user-2/5", "/user-2/6", "/user-2/7"};

TEST_F(WatchStateTest, OpensWhatTheWalkSaw) {
  const auto first = report(all_);
  EXPECT_EQ(first.figures.watched, 0U);
  EXPECT_EQ(first.figures.unwatched, 0U) << "they are being opened";
  EXPECT_TRUE(first.pending.empty()) << "the walk saw them";
  EXPECT_EQ(paths(), (Paths{"/", "/a"}));
  (void)report(all_);
  EXPECT_EQ(paths(), Paths()) << "which takes its time";
}

TEST_F(WatchStateTest, IsQuietWhenAllIsWatchedAndNothingHappens) {
  EXPECT_FALSE(state_.is_quiet());
  watch_a();
  EXPECT_TRUE(state_.is_quiet());
  event(1, IN_CREATE, "file");
  EXPECT_TRUE(state_.is_quiet()) << "no directory";
  event(2, IN_MODIFY, "memory.max");
  EXPECT_TRUE(state_.is_quiet()) << "no counters";
  event(1, IN_CREATE | IN_ISDIR, "b");
  EXPECT_FALSE(state_.is_quiet());
}

TEST_F(WatchStateTest, OpensWhatIsMadeAndReportsItLate) {
  watch_a();
  event(2, IN_CREATE | IN_ISDIR, "b");
  const auto request = request_for("/a/b");
  EXPECT_EQ(report(all_).pending, std::vector<std::uint64_t>{2});
  state_.on_opened(opened(request, 3), now_);
  EXPECT_TRUE(state_.take_has_news());
  kills_[3] = 2;
  const auto late = report(all_).late;
  ASSERT_EQ(late.size(), 1U);
  EXPECT_EQ(late[0].cgroup, (CgroupRef{3, 2, 1003}));
  EXPECT_EQ(late[0].path, "/a/b");
  EXPECT_EQ(late[0].local.oom_kill, 2U) << "read now";
  EXPECT_FALSE(late[0].is_gone);
  EXPECT_TRUE(state_.take_has_news()) << "of the kills";
  EXPECT_EQ(report(all_).late.size(), 1U) << "as long as no walk sees it";
}

TEST_F(WatchStateTest, OpensWhatWasMadeBeforeTheWatch) {
  (void)report(all_);
  for (const auto& request : state_.take_requests())
    state_.on_opened(opened(request, request.id, request.id == 2 ? Paths{"b"} : Paths{"a"}), now_);
  EXPECT_EQ(paths(), Paths{"/a/b"}) << "and /a not twice";
}

TEST_F(WatchStateTest, ReportsAGoneCgroupOnceWithItsLastCounters) {
  watch_a();
  kills_[2] = 3;
  event(2, IN_MODIFY, events_local_file);
  state_.reread(now_);
  EXPECT_TRUE(state_.take_has_news());
  event(1, IN_DELETE | IN_ISDIR, "a");
  gone_.insert(2);
  now_ += 1ms;
  const auto late = report({observed(1, "/")}).late;
  ASSERT_EQ(late.size(), 1U);
  EXPECT_TRUE(late[0].is_gone);
  EXPECT_TRUE(late[0].removed_before_pass);
  EXPECT_TRUE(late[0].ended_with_event);
  EXPECT_EQ(late[0].local.oom_kill, 3U);
  EXPECT_EQ(state_.take_ended_watches(), std::vector<int>{2});
  EXPECT_TRUE(report({observed(1, "/")}).late.empty());
}

TEST_F(WatchStateTest, SeesByReadingThatACgroupIsGoneWhoseRemovalWasLost) {
  watch_a();
  gone_.insert(2);
  const auto late = report({observed(1, "/")}).late;
  ASSERT_EQ(late.size(), 1U);
  EXPECT_TRUE(late[0].is_gone);
  EXPECT_FALSE(late[0].removed_before_pass);
}

TEST_F(WatchStateTest, TakesACgroupWithoutCountersForGoneThatNoWalkSeesAnyMore) {
  std::vector<Observation> with_slice = all_;
  with_slice.push_back({.cgroup = {4, 1, 0}, .path = "/slice"});
  (void)report(with_slice);
  for (const auto& request : state_.take_requests()) {
    auto result = opened(request, request.id);
    if (request.id == 4) result.opened->watched.cgroup.generation = 0;
    state_.on_opened(std::move(result), now_);
  }
  (void)report(with_slice);
  EXPECT_TRUE(state_.is_quiet());
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(report(all_).late.empty());
  const auto late = report(all_).late;
  ASSERT_EQ(late.size(), 1U);
  EXPECT_TRUE(late[0].is_gone);
  EXPECT_EQ(state_.take_ended_watches(), std::vector<int>{4});
}

TEST_F(WatchStateTest, NamesWhatWasGoneBeforeItCouldBeOpened) {
  watch_a();
  event(1, IN_CREATE | IN_ISDIR, "b");
  const auto request = request_for("/b");
  event(1, IN_DELETE | IN_ISDIR, "b");
  EXPECT_TRUE(request.pending->is_gone) << "so that nobody tries";
  now_ += 1ms;
  state_.on_opened(failed(request, ENOENT), now_);
  const auto late = report(all_).late;
  ASSERT_EQ(late.size(), 1U);
  EXPECT_FALSE(late[0].was_opened);
  EXPECT_TRUE(late[0].removed_before_pass);
  EXPECT_EQ(late[0].path, "/b");
  EXPECT_EQ(late[0].cgroup.parent, 1U);
}

TEST_F(WatchStateTest, ReportsAnObservedCgroupThatIsGoneBeforeItIsOpened) {
  (void)report(all_);
  const auto requests = state_.take_requests();
  EXPECT_EQ(report({observed(1, "/")}).pending, std::vector<std::uint64_t>{1})
      << "the walk does not see it any more";
  for (const auto& request : requests) {
    if (request.id == 2) state_.on_opened(failed(request, ENOENT), now_);
  }
  const auto late = report({observed(1, "/")}).late;
  ASSERT_EQ(late.size(), 1U);
  EXPECT_EQ(late[0].cgroup.id, 2U);
  EXPECT_FALSE(late[0].was_opened);
  EXPECT_EQ(state_.take_failure().code, 0);
}

TEST_F(WatchStateTest, ReportsACgroupOnceThatIsGoneWhileItIsOpenedAgain) {
  watch_a();
  auto changed = all_;
  changed[1].cgroup.generation = 9;
  (void)report(changed);
  const auto request = request_for("/a");
  event(1, IN_DELETE | IN_ISDIR, "a");
  state_.on_opened(failed(request, ENOENT), now_);
  const auto late = report({observed(1, "/")}).late;
  ASSERT_EQ(late.size(), 1U);
  EXPECT_TRUE(late[0].was_opened);
}

TEST_F(WatchStateTest, DoesNotOpenAnObservedCgroupThatItKnowsToBeGone) {
  watch_a();
  event(1, IN_DELETE | IN_ISDIR, "a");
  auto caught = all_;
  caught[1].cgroup.generation = 0;  // while it was removed
  EXPECT_EQ(report(caught).late.size(), 1U);
  EXPECT_EQ(paths(), Paths());
  event(1, IN_CREATE | IN_ISDIR, "a");
  EXPECT_EQ(paths(), Paths{"/a"});
}

TEST_F(WatchStateTest, FollowsACgroupThatIsOpenedAgainWithAnotherWatch) {
  watch_a();
  auto changed = all_;
  changed[1].cgroup.generation = 9;
  (void)report(changed);
  auto result = opened(request_for("/a"), 2);
  result.opened->watched.watch = 77;
  state_.on_opened(std::move(result), now_);
  event(77, IN_CREATE | IN_ISDIR, "b");
  EXPECT_EQ(paths(), Paths{"/a/b"});
}

TEST_F(WatchStateTest, OpensAgainANameThatIsUsedAgain) {
  watch_a();
  event(1, IN_CREATE | IN_ISDIR, "b");
  const auto first = request_for("/b");
  event(1, IN_DELETE | IN_ISDIR, "b");
  event(1, IN_CREATE | IN_ISDIR, "b");
  const auto second = request_for("/b");
  EXPECT_NE(first.pending, second.pending);
  // Both find the second one.
  state_.on_opened(opened(second, 5), now_);
  gone_.insert(5);
  EXPECT_EQ(report(all_).late.size(), 1U);
  state_.on_opened(opened(first, 5), now_);
  EXPECT_TRUE(report(all_).late.empty()) << "its kills would count again";
}

TEST_F(WatchStateTest, KeepsEventsOfAWatchUntilItsCgroupIsKnown) {
  watch_a();
  event(1, IN_CREATE | IN_ISDIR, "b");
  const auto request = request_for("/b");
  event(6, IN_CREATE | IN_ISDIR, "c");
  state_.on_opened(opened(request, 6), now_);
  EXPECT_EQ(paths(), Paths{"/b/c"});
}

TEST_F(WatchStateTest, ReadsAnAncestorsDescendantsWithIt) {
  watch_a();
  event(2, IN_CREATE | IN_ISDIR, "b");
  state_.on_opened(opened(request_for("/a/b"), 3), now_);
  (void)state_.take_has_news();
  kills_[3] = 1;
  event(2, IN_MODIFY, events_local_file);
  EXPECT_TRUE(state_.has_rereads());
  state_.reread(now_);
  EXPECT_TRUE(state_.take_has_news());
}

TEST_F(WatchStateTest, TellsOnceWhenKillsWereSeenFirst) {
  watch_a();
  EXPECT_TRUE(report(all_).killed.empty());
  kills_[2] = 1;
  event(2, IN_MODIFY, events_local_file);
  state_.reread(now_);
  const auto seen = now_;
  kills_[2] = 2;
  now_ += 5ms;
  state_.reread(now_);
  now_ += 1s;
  const auto killed = report(all_).killed;
  ASSERT_EQ(killed.size(), 1U);
  EXPECT_EQ(killed.at(2), seen);
  EXPECT_TRUE(report(all_).killed.empty());
}

TEST_F(WatchStateTest, AsksForTheMemoryOfACgroupOnceASecond) {
  watch_a();
  LastMemory memory;
  memory.peak = 7;
  for (int i = 0; i < 20; ++i) {
    event(2, IN_MODIFY, events_local_file);
    now_ += 100ms;
    for (const auto& request : state_.take_requests()) {
      ASSERT_FALSE(request.pending);
      state_.on_opened({request, base::Error{}, memory}, now_);
      memory.peak = *memory.peak + 1;
    }
  }
  EXPECT_EQ(memory.peak, 9U) << "asked twice in two seconds";
  EXPECT_EQ(report(all_).memories.at(2).peak, 8U);
}

TEST_F(WatchStateTest, KeepsTheMemoryThatWasReadBeforeTheCgroupWasGone) {
  watch_a();
  event(2, IN_MODIFY, events_local_file);
  const auto request = request_for("/a");
  LastMemory memory;
  memory.limit = 100;
  state_.on_opened({request, base::Error{}, memory}, now_);
  state_.on_opened({request, base::Error{ENOENT, "open directory"}, {}}, now_);
  EXPECT_EQ(report(all_).memories.at(2).limit, 100U);
}

TEST_F(WatchStateTest, ReadsEverythingAfterTheQueueOverflowed) {
  watch_a();
  kills_[2] = 1;
  event(-1, IN_Q_OVERFLOW, "");
  EXPECT_FALSE(state_.is_quiet());
  state_.reread(now_);
  EXPECT_TRUE(state_.take_has_news());
  EXPECT_EQ(report(all_).figures.overflows, 1U);
}

TEST_F(WatchStateTest, OpensAnotherGenerationsFile) {
  watch_a();
  auto changed = all_;
  changed[1].cgroup.generation = 9;
  EXPECT_EQ(report(changed).figures.watched, 1U);
  auto result = opened(request_for("/a"), 2);
  result.opened->watched.cgroup.generation = 9;
  result.opened->watched.last.oom_kill = 4;
  state_.on_opened(std::move(result), now_);
  EXPECT_EQ(report(changed).figures.watched, 2U);
}

TEST_F(WatchStateTest, WatchesNoMoreThanTheBound) {
  state_.set_max_count(2);
  watch_a();
  event(1, IN_CREATE | IN_ISDIR, "b");
  auto more = all_;
  more.push_back(observed(3, "/b"));
  EXPECT_EQ(report(more).figures.unwatched, 1U);
  EXPECT_EQ(paths(), Paths());
  state_.set_max_count(3);
  EXPECT_EQ(report(more).figures.unwatched, 0U);
  EXPECT_EQ(paths(), Paths{"/b"});
}

TEST_F(WatchStateTest, UnwatchesTheLargestUserForAPod) {
  state_.set_max_count(5);
  auto seen =
      std::vector<Observation>{observed(1, "/"), observed(2, "/user-1"), observed(3, "/user-2"),
                               observed(4, "/user-2/a"), observed(5, "/user-2/b")};
  watch(seen);
  seen.push_back(observed(6, "/pod-1"));
  seen.push_back(observed(7, "/pod-1/c"));
  const auto report = this->report(seen);
  EXPECT_EQ(report.unwatched_subtrees, std::set<std::string>()) << "the log of the tree names it";
  EXPECT_EQ(report.figures.watched, 3U);
  EXPECT_EQ(sorted(state_.take_ended_watches()), (std::vector<int>{4, 5}));
  EXPECT_EQ(paths(), (Paths{"/pod-1", "/pod-1/c"}));
}

TEST_F(WatchStateTest, UnwatchesNothingForTheLargestUser) {
  state_.set_max_count(3);
  auto seen =
      std::vector<Observation>{observed(1, "/"), observed(2, "/user-1"), observed(3, "/pod-1")};
  watch(seen);
  for (std::uint64_t id = 4; id < 9; ++id) seen.push_back(observed(id, numbered[id - 4]));
  (void)report(seen);
  EXPECT_EQ(state_.take_ended_watches(), std::vector<int>());
  EXPECT_EQ(paths(), Paths());
}

TEST_F(WatchStateTest, UnwatchesWhatTheWalkDoesNotSeeBeforeWhatItSees) {
  state_.set_max_count(3);
  watch({observed(1, "/"), observed(2, "/user-1/old"), observed(3, "/user-1/new")});
  (void)report({observed(1, "/"), observed(3, "/user-1/new"), observed(4, "/user-1/newer")});
  EXPECT_EQ(state_.take_ended_watches(), std::vector<int>{2});
  EXPECT_EQ(paths(), Paths{"/user-1/newer"});
}

TEST_F(WatchStateTest, KeepsAnEighthForAllButUsersBetweenReports) {
  state_.set_max_count(8);
  auto seen = std::vector<Observation>{observed(1, "/")};
  for (std::uint64_t id = 2; id < 9; ++id) seen.push_back(observed(id, numbered[id - 2]));
  watch(seen);
  event(1, IN_CREATE | IN_ISDIR, "user-2");
  EXPECT_EQ(paths(), Paths());
  EXPECT_FALSE(state_.take_has_news());
  event(1, IN_CREATE | IN_ISDIR, "pod-1");
  const auto request = request_for("/pod-1");
  state_.on_opened(opened(request, 20), now_);
  EXPECT_EQ(state_.take_ended_watches(), std::vector<int>());
  (void)state_.take_has_news();
  event(1, IN_CREATE | IN_ISDIR, "pod-2");
  EXPECT_EQ(paths(), Paths());
  EXPECT_TRUE(state_.take_has_news()) << "a pass makes room for it";
  seen.push_back(observed(20, "/pod-1"));
  (void)report(seen);
  EXPECT_EQ(state_.take_ended_watches().size(), 1U) << "the eighth is free again";
}

TEST_F(WatchStateTest, UnwatchesAUserForAPodWhereTheKernelHasNoMoreWatches) {
  auto seen = std::vector<Observation>{observed(1, "/"), observed(2, "/user-1/a"),
                                       observed(3, "/user-1/b")};
  watch(seen);
  seen.push_back(observed(4, "/pod-1"));
  (void)report(seen);
  state_.on_opened(failed(request_for("/pod-1"), ENOSPC), now_);
  EXPECT_EQ(report(seen).unwatched_subtrees, std::set<std::string>{"/user-1"});
  EXPECT_EQ(state_.take_ended_watches(), std::vector<int>{3});
  EXPECT_EQ(paths(), Paths{"/pod-1"});
}

TEST_F(WatchStateTest, EndsTheWatchOfWhatIsBeyondTheBoundWhenItIsOpened) {
  watch_a();
  event(1, IN_CREATE | IN_ISDIR, "b");
  const auto request = request_for("/b");
  state_.set_max_count(2);
  state_.on_opened(opened(request, 3), now_);
  EXPECT_EQ(state_.take_ended_watches(), std::vector<int>{3});
}

TEST_F(WatchStateTest, TriesOneCgroupAPassWhileThereAreNoWatches) {
  watch_a();
  auto more = all_;
  for (const auto& [id, path] : {std::pair(3, "/b"), std::pair(4, "/c")})
    more.push_back(observed(static_cast<std::uint64_t>(id), path));
  (void)report(more);
  for (const auto& request : state_.take_requests())
    state_.on_opened(failed(request, ENOSPC), now_);
  const auto failure = state_.take_failure();
  EXPECT_EQ(failure.code, ENOSPC);
  EXPECT_EQ(state_.take_failure().code, 0) << "told once";
  event(2, IN_CREATE | IN_ISDIR, "x");
  EXPECT_EQ(paths(), Paths());
  (void)report(more);
  const auto request = request_for("/b");
  state_.on_opened(opened(request, 3), now_);
  (void)report(more);
  EXPECT_EQ(paths(), Paths{"/c"}) << "there are some again";
}

TEST_F(WatchStateTest, SaysWhatFailed) {
  watch_a();
  event(1, IN_CREATE | IN_ISDIR, "b");
  auto result = opened(request_for("/b"), 3);
  result.opened->lacks_descriptor = true;
  state_.on_opened(std::move(result), now_);
  EXPECT_EQ(state_.take_failure().code, EMFILE);
}

TEST_F(WatchStateTest, ServesEventsWhileItReportsMany) {
  watch_a();
  for (std::uint64_t id = 10; id < 42; ++id) {
    const std::string name = std::to_string(id);
    event(1, IN_CREATE | IN_ISDIR, name);
    state_.on_opened(opened(request_for("/" + name), id), now_);
  }
  EXPECT_EQ(report(all_).late.size(), 32U);
  EXPECT_EQ(serves_, 2);
}

}  // namespace
}  // namespace cgroup2::oom
